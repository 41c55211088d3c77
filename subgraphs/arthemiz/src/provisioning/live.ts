// The live topic of provisionings. A push says that one has moved, not how far, which readers look up.

/** Live topic of the tenant. */
export const tenantProvisioningTopic = 'tenant-provisioning';
