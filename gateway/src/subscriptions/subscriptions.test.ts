// Who shares a subscription, and how it goes on when rights change or something in between was away.
import { stopSharedPlatform } from '../testing/shared-platform.ts';
import './reauthorization.cases.ts';
import './resuming.cases.ts';
import './sharing.cases.ts';
import './subgraphEvents.cases.ts';

stopSharedPlatform();
