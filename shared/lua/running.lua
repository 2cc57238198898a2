-- Returns {rest of the lease (ms), id, site, worker, attempt, claimed_at, progress, cancel} of each running job.
local jobs, moment = {}, now()
for index, id in ipairs(call('HVALS', prefix .. 'running')) do
  local job = call('HMGET', job_key(id), 'site', 'worker', 'attempt', 'claimed_at', 'progress', 'cancel')
  local lease = call('ZSCORE', prefix .. 'leases', job[1])
  jobs[index] = { lease - moment, id, unpack(job) }
end
return jobs
