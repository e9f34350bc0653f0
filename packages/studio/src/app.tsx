import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Route, Router, Switch } from 'wouter'
import { CatalogProvider } from './data/catalog-context.tsx'
import { liveLog } from './data/use-live.ts'
import { BranchRoom } from './rooms/branches/branch-room.tsx'
import { BranchesRoom } from './rooms/branches/branches-room.tsx'
import { DifferenceRoom } from './rooms/branches/difference/difference-room.tsx'
import { MergeRoom } from './rooms/branches/merge/merge-room.tsx'
import { ReplayRoom } from './rooms/branches/replay/replay-room.tsx'
import { CommandRoom } from './rooms/commands/command-room.tsx'
import { CommandsRoom } from './rooms/commands/commands-room.tsx'
import { DebuggerRoom } from './rooms/debugger/debugger-room.tsx'
import { EventRoom } from './rooms/event/event-room.tsx'
import { ExternalsRoom } from './rooms/externals/externals-room.tsx'
import { JournalRoom } from './rooms/externals/journal-room.tsx'
import { LiveRoom } from './rooms/live/live-room.tsx'
import { OverviewRoom } from './rooms/overview/overview-room.tsx'
import { ProcessingRoom } from './rooms/processing/processing-room.tsx'
import { ProcessorRoom } from './rooms/processing/processor-room.tsx'
import { QueriesRoom } from './rooms/queries/queries-room.tsx'
import { SendRoom } from './rooms/send/send-room.tsx'
import { StreamsRoom } from './rooms/streams/streams-room.tsx'
import { DocumentRoom } from './rooms/views/document-room.tsx'
import { ForecastRoom } from './rooms/views/forecast/forecast-room.tsx'
import { VersionsRoom } from './rooms/views/versions-room.tsx'
import { ViewRoom } from './rooms/views/view-room.tsx'
import { ViewsRoom } from './rooms/views/views-room.tsx'
import { Shell } from './shell/shell.tsx'
import { Empty } from './ui/notice.tsx'

const queries = new QueryClient({
  defaultOptions: {
    // A gateway on this machine answers also where there is no network: `always` asks it all the same.
    queries: { retry: 1, staleTime: 1_000, refetchOnWindowFocus: false, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
})

/** What could not be read while the gateway was away, or has changed meanwhile, is read when it is back. */
function readAgainWhenBack() {
  let lost = false
  return liveLog.subscribe(() => {
    const { state } = liveLog.snapshot()
    if (state === 'reconnecting') lost = true
    if (state !== 'live' || !lost) return
    lost = false
    void queries.invalidateQueries()
  })
}

export function App() {
  useEffect(() => liveLog.start(), [])
  useEffect(readAgainWhenBack, [])
  return (
    <QueryClientProvider client={queries}>
      <CatalogProvider>
        <Router base="/studio">
          <Shell>
            <Switch>
              <Route path="/" component={OverviewRoom} />
              <Route path="/live" component={LiveRoom} />
              <Route path="/streams">
                <StreamsRoom />
              </Route>
              <Route path="/streams/:stream">{({ stream }) => <StreamsRoom stream={stream} />}</Route>
              <Route path="/events/:id">{({ id }) => <EventRoom id={id} />}</Route>
              <Route path="/commands" component={CommandsRoom} />
              <Route path="/commands/:id">{({ id }) => <CommandRoom id={id} />}</Route>
              <Route path="/send/:type?">{({ type }) => <SendRoom type={type} />}</Route>
              <Route path="/views" component={ViewsRoom} />
              <Route path="/views/:name">{({ name }) => <ViewRoom key={name} name={name} />}</Route>
              <Route path="/views/:name/versions">
                {({ name }) => <VersionsRoom key={name} name={name} />}
              </Route>
              <Route path="/views/:name/forecast">
                {({ name }) => <ForecastRoom key={name} name={name} />}
              </Route>
              <Route path="/views/:name/:key">
                {({ name, key }) => <DocumentRoom view={name} documentKey={key} />}
              </Route>
              <Route path="/processing" component={ProcessingRoom} />
              <Route path="/processing/:name">{({ name }) => <ProcessorRoom key={name} name={name} />}</Route>
              <Route path="/branches" component={BranchesRoom} />
              <Route path="/branches/:name">{({ name }) => <BranchRoom key={name} name={name} />}</Route>
              <Route path="/branches/:name/differences">
                {({ name }) => <DifferenceRoom key={name} name={name} />}
              </Route>
              <Route path="/branches/:name/merge">{({ name }) => <MergeRoom key={name} name={name} />}</Route>
              <Route path="/branches/:name/replay">
                {({ name }) => <ReplayRoom key={name} name={name} />}
              </Route>
              <Route path="/debugger" component={DebuggerRoom} />
              <Route path="/externals" component={ExternalsRoom} />
              <Route path="/externals/:name">{({ name }) => <JournalRoom key={name} name={name} />}</Route>
              <Route path="/queries/:name?">{({ name }) => <QueriesRoom name={name} />}</Route>
              <Route>
                <Empty title="There is no such room">
                  The address may be mistyped, or from another version.
                </Empty>
              </Route>
            </Switch>
          </Shell>
        </Router>
      </CatalogProvider>
    </QueryClientProvider>
  )
}
