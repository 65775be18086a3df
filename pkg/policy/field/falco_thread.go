package field

// falcoThread are the fields of the thread.
func falcoThread() []*Def {
	record := group{Falco, ScopeRecord}
	return []*Def{
		record.number("thread.tid", "id of the thread", threadID),
		record.truth("thread.ismain", "whether the thread is the main one", func(r *Record) (is, known bool) {
			return r.Process != nil && r.TID == r.Process.OID.HPID, r.Process != nil && r.TID != 0
		}),
		record.number("thread.vtid", "id of the thread in its pid namespace", func(r *Record) (int64, bool) {
			switch p := r.Process; {
			case r.TID == 0 || p == nil:
				return 0, false
			case r.TID == p.OID.HPID:
				return virtualPID(p)
			default:
				return r.TID, p.ContainerID == ""
			}
		}).about("known of main threads, and on the host, where it is the id itself"),
	}
}
