-- Cancel jobs that were never begun. ARGV: outcome of a cancelled job, ids.
-- Returns the state of each after that, an empty text for one that is unknown.
local states = {}
for index = 2, #ARGV do
  local job = call('HMGET', job_key(ARGV[index]), 'state', 'site', 'attempt')
  if job[1] and waits(job[1], job[3]) then
    withdraw(ARGV[index], job[2], ARGV[1])
    job[1] = 'cancelled'
  end
  states[index - 1] = job[1] or ''
end
return states
