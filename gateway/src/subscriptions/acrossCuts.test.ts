// Who shares a subscription, and how it goes on after something in between was away.
import { stopSharedPlatform } from '../testing/shared-platform.ts';
import './resuming.cases.ts';
import './sharing.cases.ts';

stopSharedPlatform();
