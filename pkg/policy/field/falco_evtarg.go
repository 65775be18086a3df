package field

import (
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// falcoEvtArgs are the parameters of system calls: evt.arg.NAME as text, evt.rawarg.NAME
// as it is.
func falcoEvtArgs() []*Def {
	shape, record := group{Falco, ScopeShape}, group{Falco, ScopeRecord}
	list := []*Def{
		shape.built(evtArg+"flags", "flags of an open: `O_RDONLY|O_CLOEXEC`", appendOpenFlags).
			about("those of other calls are not recorded"),
		record.text(evtArg+"res", "result of the call as text: a number, or the name of the error", func(r *Record) string {
			if failure := r.failure(); failure != 0 {
				return errnoName(-failure)
			}
			if n, ok := result(r); ok {
				return strconv.FormatInt(n, 10)
			}
			return ""
		}).about(noteFlows + "; 0 or the descriptor"),
		record.number(rawArg+"res", "result of the call", result).about(noteFlows + "; 0 or the descriptor"),
		record.number(rawArg+"fd", "number of the descriptor", descriptor),
		shape.number(rawArg+"flags", "flags of an open, as libs numbers them", func(r *Record) (int64, bool) { return int64(r.OpenFlags), r.opens() }).
			about("those of other calls are not recorded"),
		record.number(rawArg+"size", "size of what a call is asked to move", nil).never("records count calls, they do not keep their sizes"),
		record.texts(evtArg+"uid", "user that setuid asks for, as it is recorded: a name, or an id; beside an id the name, if it is that of root or of the process' own user", setuidTarget),
		record.built("evt.args", "parameters of the call, `name=value` with blanks between them", appendArgs).
			about("those that SysFlow records: paths, flags of an open, the user of setuid"),
		record.built("evt.info", "as evt.args", appendArgs).about("see evt.args"),
	}
	for i := range pathArgs {
		a := &pathArgs[i]
		text := record.text(evtArg+a.name, a.desc, a.get)
		if a.note != "" {
			text.about(a.note)
		}
		raw := record.text(rawArg+a.name, a.desc, a.get).about("absolute and normalised, not as the call was given it")
		list = append(list, text, raw)
	}
	return append(list, otherArgs(list)...)
}

const (
	evtArg = "evt.arg."
	rawArg = "evt.rawarg."
)

// setuidTarget is what was recorded, and the name of an id where that is known.
func setuidTarget(to []string, r *Record) []string {
	if r.Kind != sysflow.KindProcessEvent || r.Ops&sysflow.OpSetuid == 0 || len(r.Args) == 0 || r.Args[0] == "" {
		return to
	}
	to = append(to, r.Args[0])
	var digits [len("-2147483648")]byte
	switch p := r.Process; {
	case p != nil && p.UserName != "" && r.Args[0] == string(strconv.AppendInt(digits[:0], int64(p.UID), 10)):
		return append(to, p.UserName)
	case r.Args[0] == "0":
		return append(to, "root")
	}
	return to
}

// pathArgs are the parameters that are paths, in the order of evt.args. As text Falco
// shows them resolved, which is how they are recorded.
var pathArgs = [...]struct {
	name, desc string
	get        func(*Record) string
	note       string
}{
	{"name", "path of an open or unlinkat", func(r *Record) string {
		if r.opens() {
			return r.File.Path
		}
		return fileOf(r, sysflow.OpUnlink)
	}, ""},
	{"path", "path of mkdir, rmdir or unlink", func(r *Record) string { return fileOf(r, onePathOps) }, ""},
	{"oldpath", "old path of a rename or link", func(r *Record) string { return fileOf(r, sysflow.OpRename|sysflow.OpLink) }, ""},
	{"newpath", "new path of a rename or link", func(r *Record) string { return newFileOf(r, sysflow.OpRename|sysflow.OpLink) }, ""},
	{"target", "what a symbolic link points to", func(r *Record) string { return fileOf(r, sysflow.OpSymlink) }, "some sources make a relative target absolute"},
	{"linkpath", "path of a symbolic link", func(r *Record) string { return newFileOf(r, sysflow.OpSymlink) }, ""},
	{"filename", "path of what is executed", func(r *Record) string {
		if r.Kind != sysflow.KindProcessEvent || r.Ops&sysflow.OpExec == 0 || r.Process == nil {
			return ""
		}
		return r.Process.Exe
	}, "the path of the executable, symbolic links resolved; of failed calls that of the process as it was"},
}

func fileOf(r *Record, ops sysflow.OpFlags) string {
	if r.Kind != sysflow.KindFileEvent || r.Ops&ops == 0 {
		return ""
	}
	return r.File.Path
}

func newFileOf(r *Record, ops sysflow.OpFlags) string {
	if r.Kind != sysflow.KindFileEvent || r.Ops&ops == 0 {
		return ""
	}
	return r.NewFile.Path
}

// never makes d unanswerable.
func (d *Def) never(why string) *Def {
	d.Answer, d.Note, d.Get = Unanswerable, why, nil
	return d
}

// argNames are the names of the other parameters in libs' table of events
// (driver/event_table.c).
const argNames = `
	action addr arg arg2_int arg2_str args argument aux backlog cap_effective cap_inheritable cap_permitted cgroups
	clockid cmd comm container_id core cpu cpu_sys cpu_usr cq_entries cur cwd data desc description dev dir dirfd domain
	dpid dqb_bhardlimit dqb_bsoftlimit dqb_btime dqb_curspace dqb_ihardlimit dqb_isoftlimit dqb_itime dqi_bgrace dqi_flags
	dqi_igrace egid entries env error euid event_data event_type exe exe_ino exe_ino_ctime exe_ino_mtime fd fd1 fd2 fd_in
	fd_out fdin fdlimit fdout fds features filename flags gid home how ID id image img in_fd initval ino interval ip json
	key len length level linkdirfd linkpath loginuid mask max maxevents min_complete mode mountfd msgcontrol name nativeID
	newcur newdir newdirfd newfd newmax newpath next nr_args nsems nsops nstype offin offout offset oldcur olddir olddirfd
	oldfd oldmax oldpath op opcode operation option optlen optname out_fd path pathname peer pgft_maj pgft_min pgid
	pgoffset pid pid_fd pidns_init_start_ts plugin_id pos prot proto ptid queuelen queuemax queuepct quota_fmt
	quota_fmt_out quotafilepath ratio reaper_tid request res res_or_fd resolve resource ret rgid ruid scope sem_flg_0
	sem_flg_1 sem_num_0 sem_num_1 sem_op_0 sem_op_1 semflg semid semnum sgid shell sig sigmask size source special spid
	sq_entries sq_thread_cpu sq_thread_idle stat status suid tags target target_fd tid timeout to_submit trusted_exepath
	tty tuple type uargs uid val value_bytebuf value_charbuf vm_rss vm_size vm_swap vpid vtid whence
`

// otherArgs are the parameters that SysFlow does not record.
func otherArgs(answered []*Def) []*Def {
	known := make(map[string]bool, len(answered))
	for _, d := range answered {
		known[d.Name] = true
	}
	g := group{Falco, ScopeRecord}
	var list []*Def
	for name := range strings.FieldsSeq(argNames) {
		for _, prefix := range [...]string{evtArg, rawArg} {
			if known[prefix+name] {
				continue
			}
			known[prefix+name] = true
			list = append(list, g.unanswerable(prefix+name, "parameter "+name, "this parameter of system calls is not recorded", String))
		}
	}
	return list
}

// openFlagNames are Falco's, in the order of its table (userspace/libscap, file_flags).
var openFlagNames = [...]struct {
	flag sysflow.OpenFlags
	name string
}{
	{sysflow.OpenLargefile, "O_LARGEFILE"},
	{sysflow.OpenDirectory, "O_DIRECTORY"},
	{sysflow.OpenDirect, "O_DIRECT"},
	{sysflow.OpenTrunc, "O_TRUNC"},
	{sysflow.OpenSync, "O_SYNC"},
	{sysflow.OpenNonblock, "O_NONBLOCK"},
	{sysflow.OpenExcl, "O_EXCL"},
	{sysflow.OpenDsync, "O_DSYNC"},
	{sysflow.OpenAppend, "O_APPEND"},
	{sysflow.OpenCreate, "O_CREAT"},
	{sysflow.OpenReadWrite, "O_RDWR"},
	{sysflow.OpenWriteOnly, "O_WRONLY"},
	{sysflow.OpenReadOnly, "O_RDONLY"},
	{sysflow.OpenCloexec, "O_CLOEXEC"},
	{sysflow.OpenTmpfile, "O_TMPFILE"},
	{sysflow.OpenCreated, "O_F_CREATED"},
	{sysflow.OpenUpperLayer, "FD_UPPER_LAYER"},
	{sysflow.OpenLowerLayer, "FD_LOWER_LAYER"},
}

func appendOpenFlags(b []byte, r *Record) []byte {
	if !r.opens() {
		return b
	}
	rest, start := r.OpenFlags, len(b)
	for _, f := range openFlagNames {
		if rest&f.flag != f.flag {
			continue
		}
		rest &^= f.flag
		if len(b) > start {
			b = append(b, '|')
		}
		b = append(b, f.name...)
	}
	return b
}

// appendArgs appends what is known of the parameters.
func appendArgs(b []byte, r *Record) []byte {
	add := func(name, value string) {
		if value == "" {
			return
		}
		if len(b) > 0 {
			b = append(b, ' ')
		}
		b = append(append(append(b, name...), '='), value...)
	}
	if r.hasResult() && r.HasRet {
		add("res", resultText(r))
	}
	for i := range pathArgs {
		add(pathArgs[i].name, pathArgs[i].get(r))
	}
	if r.opens() {
		b = appendOpenFlags(append(b, " flags="...), r)
	}
	if r.Kind == sysflow.KindProcessEvent && r.Ops&sysflow.OpSetuid != 0 && len(r.Args) > 0 {
		add("uid", r.Args[0])
	}
	return b
}
