-- Give a job that was never begun another request. ARGV: id, request, number of this edit of the job.
-- The same call again, or an earlier edit, finds the job edited: the first answer may have been lost on its way.
local id, number = ARGV[1], tonumber(ARGV[3])
local job = call('HMGET', job_key(id), 'state', 'attempt', 'edits')
if not job[1] then return 'unknown' end
if tonumber(job[3] or 0) >= number then return 'edited' end
if not waits(job[1], job[2]) then return (job[1] == 'queued' or job[1] == 'running') and 'begun' or 'ended' end
call('HSET', job_key(id), 'request', ARGV[2], 'edits', number)
return 'edited'
