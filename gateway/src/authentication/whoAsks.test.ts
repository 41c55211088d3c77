// Who asks, by the token that they show, and what they may at this moment.
import { stopSharedPlatform } from '../testing/shared-platform.ts';
import '../blocks/blocks.cases.ts';
import '../grants/actors.cases.ts';
import '../grants/grants.cases.ts';
import '../grants/sessions.cases.ts';
import '../networks/networks.cases.ts';
import './apiKeys.cases.ts';
import './authentication.cases.ts';
import './proofs.cases.ts';

stopSharedPlatform();
