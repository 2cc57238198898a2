-- Returns {waiting jobs, running jobs, how long a job has waited that a worker could take (ms), jobs given up, leases
-- that ran out}. A job that waits for another one of its site waits for no worker.
local first = call('ZRANGE', prefix .. 'ready', 0, 0, 'WITHSCORES')
return {
  call('ZCARD', prefix .. 'queued'),
  call('HLEN', prefix .. 'running'),
  first[2] and math.max(now() - first[2] / 1000, 0) or 0,
  tonumber(call('GET', prefix .. 'given_up') or 0),
  tonumber(call('GET', prefix .. 'expiries') or 0),
}
