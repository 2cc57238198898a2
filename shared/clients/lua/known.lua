-- Returns {fields, first events} of each job; ARGV: ids. The fields of a job that is unknown are empty.
local jobs = {}
for index, id in ipairs(ARGV) do
  jobs[index] = { call('HGETALL', job_key(id)), call('XRANGE', events_key(id), '-', '+', 'COUNT', 500) }
end
return jobs
