// The operations that the explorer opens with. A test validates them against the public schema.

const welcome = `# Welcome! One query, three subgraphs:
#   arthemiz      the tenant and its people
#   systemhealth  the services it watches
#   sentinel      who did what lately
#
# Ctrl-Enter runs it (Cmd-Enter on a Mac),
# Ctrl-Space completes, and the book at the
# top left documents every field.

query Welcome {
  tenant {
    name
    services(first: 20) {
      nodes {
        name
        status
      }
    }
    securityEvents(first: 5) {
      nodes {
        type
        occurredAt
        actor {
          displayName
        }
      }
    }
  }
}
`;

const healthChanges = `# Live: a result arrives each time that
# a service goes down or comes back.
# Run it, leave it open, then end the
# process of a subgraph and watch.

subscription HealthChanges {
  healthChanged {
    status
    previousStatus
    occurredAt
    message
    service {
      name
    }
    check {
      name
    }
    tenant {
      name
    }
  }
}
`;

const securityEvents = `# Live: who signs in, who fails to, and
# who asks for what they may not have.
# Run it, then sign in as somebody else
# in a private window.

subscription SecurityEvents {
  securityEvent {
    type
    occurredAt
    reason
    coordinates
    actor {
      displayName
    }
  }
}
`;

/** One tab each, in this order; the first is the one in front. */
export const openingQueries: readonly string[] = [welcome, healthChanges, securityEvents];
