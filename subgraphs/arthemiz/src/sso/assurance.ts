/** How tokens say in `amr` that a tenant's identity provider vouched for somebody; RFC 8176 has no word for it. */
export const federated = 'fed';
