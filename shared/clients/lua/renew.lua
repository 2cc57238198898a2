-- Move the lease's deadline. ARGV: id, holder, lease (ms). Returns what the worker must know.
local site = held_by(ARGV[1], ARGV[2])
if not site then return 'lost' end
call('ZADD', prefix .. 'leases', now() + tonumber(ARGV[3]), site)
return call('HGET', job_key(ARGV[1]), 'cancel') and 'cancel-asked' or 'held'
