-- Returns {rest of the lease (ms), id, site, worker, attempt, claimed_at, progress, cancel} of each running job.
-- A Redis that lost a part of its memory may know the job alone, or the lease: such a job runs no more.
local jobs, moment = {}, now()
for _, id in ipairs(call('HVALS', prefix .. 'running')) do
  local job = call('HMGET', job_key(id), 'site', 'worker', 'attempt', 'claimed_at', 'progress', 'cancel')
  local lease = job[1] and call('ZSCORE', prefix .. 'leases', job[1])
  if lease then jobs[#jobs + 1] = { lease - moment, id, unpack(job) } end
end
return jobs
