package field

import (
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
		shape.text(evtArg+"res", "result of the call: 0 or more, or the name of the error", resultText).about(noteFlows + "; then SUCCESS"),
		record.number(rawArg+"res", "result of the call", result).about(noteFlows + "; 0 or the descriptor"),
		record.number(rawArg+"fd", "number of the descriptor", descriptor),
		shape.number(rawArg+"flags", "flags of an open, as libs numbers them", func(r *Record) (int64, bool) { return int64(r.OpenFlags), r.opens() }).
			about("those of other calls are not recorded"),
		record.number(rawArg+"size", "size of what a call is asked to move", nil).never("records count calls, they do not keep their sizes"),
		record.text(evtArg+"uid", "name of the user that setuid asks for, or its id", func(r *Record) string {
			if r.Kind != sysflow.KindProcessEvent || r.Ops&sysflow.OpSetuid == 0 || len(r.Args) == 0 {
				return ""
			}
			return r.Args[0]
		}),
		record.built("evt.args", "parameters of the call, `name=value` with blanks between them", appendArgs).
			about("those that SysFlow records: paths, flags of an open, the user of setuid"),
		record.built("evt.info", "as evt.args", appendArgs).about("see evt.args"),
	}
	for _, a := range pathArgs {
		for _, prefix := range [...]string{evtArg, rawArg} {
			list = append(list, record.text(prefix+a.name, a.desc, a.get).about("absolute and normalised, not as the call was given it"))
		}
	}
	return append(list, otherArgs(list)...)
}

const (
	evtArg = "evt.arg."
	rawArg = "evt.rawarg."
)

// pathArgs are the parameters that are paths, in the order of evt.args.
var pathArgs = [...]struct {
	name, desc string
	get        func(*Record) string
}{
	{"name", "path of an open or unlinkat", func(r *Record) string {
		if r.opens() {
			return r.File.Path
		}
		return fileOf(r, sysflow.OpUnlink)
	}},
	{"path", "path of mkdir, rmdir or unlink", func(r *Record) string { return fileOf(r, onePathOps) }},
	{"oldpath", "old path of a rename or link", func(r *Record) string { return fileOf(r, sysflow.OpRename|sysflow.OpLink) }},
	{"newpath", "new path of a rename or link", func(r *Record) string { return newFileOf(r, sysflow.OpRename|sysflow.OpLink) }},
	{"target", "what a symbolic link points to", func(r *Record) string { return fileOf(r, sysflow.OpSymlink) }},
	{"linkpath", "path of a symbolic link", func(r *Record) string { return newFileOf(r, sysflow.OpSymlink) }},
	{"filename", "path of what is executed", func(r *Record) string {
		if r.Kind != sysflow.KindProcessEvent || r.Ops&sysflow.OpExec == 0 || r.Process == nil {
			return ""
		}
		return r.Process.Exe
	}},
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
const argNames = `addr arg argument args backlog cap_effective cap_inheritable cap_permitted cgroups cmd comm cur cwd data dev
	dir dirfd domain egid env euid event_data event_data_len event_type exe exe_ino exe_ino_ctime exe_ino_mtime fd1 fd2 fdin fdlimit fdout
	fds flags fd gid gpid how id in_fd ino interval json length level linkdirfd loginuid mask max mode mountfd mode_t name_len newcur newdir
	newdirfd newfd newmax nativeID nsems nstype offset old_fd oldcur olddir olddirfd oldfd oldmax op option optlen optname out_fd
	pathname pgft_maj pgft_min pgid pgoff pid pidns_init_start_ts pos proc prot proto ptid quota_fmt
	quotafilepath queuelen queuemax queuepct ratio reaper_tid reason request resource resolve rgid ruid sa_handler scope semid sem_flg_0
	sem_num_0 sem_op_0 sgid sig size size_in size_out source sops special spid status suid timeout tid to_submit trusted_exepath tty
	tuple type tv uargs uid useraddr val vm_rss vm_size vm_swap vpid vtid whence min_complete module msgcontrol image key description
	initval sockfd sv entries sq_entries cq_entries features min_cpu sigmask serial_no instructions ns dir_fd path_name buf`

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
