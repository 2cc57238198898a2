-- Give a job back as if it had not been claimed. ARGV: id, holder, outcome of a cancelled job.
-- Returns 0 if the claim was lost.
local id = ARGV[1]
local site = held_by(id, ARGV[2])
if not site then return 0 end
local attempt = call('HINCRBY', job_key(id), 'attempt', -1)
if attempt == 0 and call('HEXISTS', job_key(id), 'cancel') == 1 then
  call('HDEL', job_key(id), 'holder', 'worker', 'progress')
  end_job(id, 'cancelled', ARGV[3])
else
  requeue(id, site)
end
unlock(site)
return 1
