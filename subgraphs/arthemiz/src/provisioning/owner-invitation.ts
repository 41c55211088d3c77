// The last step of a tenant that names its first owner: they are invited by mail once everything else is there.
import type { ProvisioningStep } from '@supergraph/chassis/provisioning';
import type { Arthemiz } from '../context.ts';
import { invitePerson } from '../invitations/inviting.ts';
import { permissions } from '../roles/rules.ts';

const name = 'owner-invitation';
const description = 'Invites the first owner by mail.';

/** As a tenant's provisioning lists it. */
export const ownerInvitationStep = { subgraph: 'arthemiz', name, description };

export const ownerInvitation: ProvisioningStep<Arthemiz> = {
  name,
  description,
  async provision({ service, tenant: { id } }) {
    const { Tenant, Role } = service.models;
    const { ownerEmail: email, createdBy } = await Tenant.findOne({ _id: id }).orFail().lean();
    if (!email) return;
    const owner = await Role.findOne({ name: 'owner', isCustom: { $ne: true } })
      .orFail()
      .lean();
    // Who creates tenants decides whose they are, whatever they may do themselves.
    const inviter = { subject: createdBy ?? id, permissions: new Set<string>(permissions) };
    const outcome = await invitePerson(service, { email, roleIds: [owner._id], inviter });
    // Who has joined meanwhile was invited before.
    if ('refusal' in outcome && outcome.refusal.__typename !== 'AlreadyMember')
      throw new Error(outcome.refusal.message);
  },
  async compensate({ service }) {
    await service.models.Invitation.updateMany({ isOpen: true }, { $set: { isOpen: false } });
  },
};
