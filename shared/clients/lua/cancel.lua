-- Cancel a job that was never begun, or ask the worker to. ARGV: id, outcome of a cancelled job.
-- Returns the state after that, nil if the job is unknown. An earlier attempt may have taken effect before its worker
-- died, so a job that waits for another attempt is left to the next worker, which looks and then ends it.
local id = ARGV[1]
local job = call('HMGET', job_key(id), 'state', 'site', 'attempt', 'cancel')
local state, site = job[1], job[2]
if waits(state, job[3]) then
  withdraw(id, site, ARGV[2])
  return 'cancelled'
end
if (state == 'queued' or state == 'running') and not job[4] then
  call('HSET', job_key(id), 'cancel', 1)
  append_event(id, 'cancel-asked')
end
return state
