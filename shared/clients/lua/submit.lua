-- Queue a job unless it is known. ARGV: id, site, request, how often it was edited. Returns 1 if it was queued now.
local id, site, request = ARGV[1], ARGV[2], ARGV[3]
if call('EXISTS', job_key(id)) == 1 then return 0 end
local moment = now()
call('HSET', job_key(id), 'request', request, 'site', site, 'state', 'queued', 'attempt', 0, 'queued_at', moment)
if ARGV[4] ~= '0' then call('HSET', job_key(id), 'edits', ARGV[4]) end
call('ZADD', prefix .. 'queued', moment, id)
call('RPUSH', waiting_key(site), id)
append_event(id, 'queued')
make_ready(site)
return 1
