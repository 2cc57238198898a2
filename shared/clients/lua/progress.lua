-- Tell a step of the work. ARGV: id, holder, progress. Returns 0 if the claim was lost.
if not held_by(ARGV[1], ARGV[2]) then return 0 end
call('HSET', job_key(ARGV[1]), 'progress', ARGV[3])
append_event(ARGV[1], 'progress', 'progress', ARGV[3])
return 1
