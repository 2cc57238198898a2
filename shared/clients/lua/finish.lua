-- End a job. ARGV: id, holder, fence, state, outcome. Returns 0 if the claim was lost.
-- The same call again answers 1 again, because the first answer may have been lost on its way.
local id, holder = ARGV[1], ARGV[2]
local job = call('HMGET', job_key(id), 'site', 'state', 'holder', 'fence', 'outcome')
if job[3] ~= holder or job[4] ~= ARGV[3] then return 0 end
if job[2] ~= 'running' then return job[5] == ARGV[5] and 1 or 0 end
end_job(id, ARGV[4], ARGV[5])
unlock(job[1])
return 1
