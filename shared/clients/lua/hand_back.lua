-- Give a job back: as if it had not been claimed, or with this attempt counted, because it failed.
-- ARGV: id, holder, outcome of a cancelled job, 1 if the attempt counts. Returns 0 if the claim was lost.
-- Who counts its attempt hands back only what has attempts left, or the job would circle for ever.
local id = ARGV[1]
local site = held_by(id, ARGV[2])
if not site then return 0 end
local attempt = call('HINCRBY', job_key(id), 'attempt', ARGV[4] == '1' and 0 or -1)
if attempt == 0 and call('HEXISTS', job_key(id), 'cancel') == 1 then
  call('HDEL', job_key(id), 'holder', 'worker', 'progress')
  end_job(id, 'cancelled', ARGV[3])
else
  requeue(id, site)
end
unlock(site)
return 1
