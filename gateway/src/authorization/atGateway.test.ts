// What viewers are shown and what is kept from them, by the whole platform.
import { stopSharedPlatform } from '../testing/shared-platform.ts';
import '../accessEvents/accessEventRoute.cases.ts';
import '../exports/exportRoute.cases.ts';
import './introspection.cases.ts';
import './leaks.cases.ts';
import './matrix.cases.ts';
import './permissions.cases.ts';

stopSharedPlatform();
