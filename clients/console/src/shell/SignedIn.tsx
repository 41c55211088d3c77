import { Redirect, Route, Router, Switch } from 'wouter';
import { Loaded } from '../design/Loaded.tsx';
import { useQuestion } from '../platform/question.ts';
import { Navigation } from './Navigation.tsx';
import { NotAllowed, NotFound } from './NoPage.tsx';
import { isOpen, pages } from './pages.tsx';
import { ViewerDocument } from './viewer.generated.ts';
import { ViewerContext } from './viewer.ts';

/** The pages of somebody who is known. */
export function SignedIn() {
  // Whatever changes of roles, groups and elevations may change what the person may do.
  const question = useQuestion(ViewerDocument, {
    variables: {},
    of: ['Viewer', 'Person', 'Role', 'Group', 'Elevation', 'Tenant'],
  });
  const viewer = question.data?.viewer;
  if (!viewer) {
    return (
      <main id="content" className="alone">
        <Loaded question={question}>{() => null}</Loaded>
      </main>
    );
  }
  return (
    <ViewerContext value={viewer}>
      <Router base="/console">
        <Navigation />
        <main id="content" tabIndex={-1}>
          <Switch>
            <Route path="/">
              <Redirect to="/account" replace />
            </Route>
            {pages.map((page) => (
              <Route key={page.path} path={page.path}>
                {(params) =>
                  isOpen(page, viewer.permissions) ? (
                    <page.component params={params} />
                  ) : (
                    <NotAllowed takes={page.takes} />
                  )
                }
              </Route>
            ))}
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </main>
      </Router>
    </ViewerContext>
  );
}
