-- Returns {waiting jobs, running jobs, wait of the oldest (ms), dead letters}.
local oldest = call('ZRANGE', prefix .. 'queued', 0, 0, 'WITHSCORES')
return {
  call('ZCARD', prefix .. 'queued'),
  call('HLEN', prefix .. 'running'),
  oldest[2] and math.max(now() - oldest[2], 0) or 0,
  call('LLEN', prefix .. 'dead'),
}
