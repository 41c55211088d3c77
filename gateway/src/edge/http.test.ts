// What the gateway speaks over HTTP, and to whom.
import { stopSharedPlatform } from '../testing/shared-platform.ts';
import './crossOrigin.cases.ts';
import './graphqlOverHttp.cases.ts';

stopSharedPlatform();
