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
		record.text(evtArg+"flags", "flags of an open (`O_RDONLY|O_CLOEXEC`), of an exec (`EXE_UPPER_LAYER`), of unshare, mount, umount2, memfd_create and others", flagsText).
			about("those of clone and clone3 are not recorded"),
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
		record.texts(evtArg+"uid", "user that setuid or chown asks for, as it is recorded: a name, or an id; beside an id the name, if it is that of root or of the process' own user", userArg),
		record.number(rawArg+"uid", "id of the user that chown asks for", argNumber("uid")).about("of setuid the user is recorded as text"),
		record.text(evtArg+"mode", "permissions that chmod or mknod asks for: `S_IXUSR|S_ISUID`", modeText).about("that of an open is recorded if it lets somebody execute the file"),
		record.number(rawArg+"mode", "permissions that chmod or mknod asks for, as a number", func(r *Record) (int64, bool) {
			value, _ := r.arg("mode")
			mode, ok := octal(value)
			return int64(mode), ok
		}).about("that of an open is not recorded"),
		record.built(evtArg+"addr", "address and port of a bind, or of a connect that failed; of ptrace the address", appendAddrArg),
		record.built(evtArg+"tuple", "both ends of a connect that failed", func(b []byte, r *Record) []byte {
			if r.Kind != sysflow.KindNetworkEvent || r.Ops&sysflow.OpConnect == 0 {
				return b
			}
			return appendTuple(b, r)
		}),
		record.built("evt.args", "parameters of the call, `name=value` with blanks between them", appendArgs).
			about("those that SysFlow records: of flows paths, flags of an open; of events those that are named here"),
		record.built("evt.info", "as evt.args", appendArgs).about("see evt.args"),
	}
	for i := range pathArgs {
		a := &pathArgs[i]
		text := record.text(evtArg+a.name, a.desc, a.get)
		if a.note != "" {
			text.about(a.note)
		}
		raw := record.text(rawArg+a.name, a.desc, a.rawText).about("absolute and normalised but for opens that failed, not as the call was given it")
		list = append(list, text, raw)
	}
	for _, a := range symbolArgs {
		list = append(list, record.text(evtArg+a[0], a[1], argText(a[0])).note(noteV6))
	}
	for _, a := range numberArgs {
		list = append(list,
			record.text(evtArg+a[0], a[1], argText(a[0])).note(noteV6),
			record.number(rawArg+a[0], a[1], argNumber(a[0])).note(noteV6))
	}
	return append(list, otherArgs(list)...)
}

const (
	evtArg = "evt.arg."
	rawArg = "evt.rawarg."
)

// symbolArgs are parameters that events hold as text, by their names in libs.
var symbolArgs = [][2]string{
	{"request", "what ptrace is asked for: `PTRACE_ATTACH`"},
	{"cmd", "what bpf is asked for: `BPF_PROG_LOAD`"},
	{"sig", "signal that is sent: `SIGKILL`"},
	{"domain", "domain of a socket: `AF_PACKET`"},
	{"type", "type of a socket, or of a file system that is mounted"},
	{"proto", "protocol of a socket"},
	{"option", "what prctl is asked for: `PR_SET_NAME`"},
	{"arg2_str", "second parameter of prctl, a text"},
	{"dir", "where something is mounted"},
	{"nstype", "kind of namespace that setns enters"},
	{"cap_permitted", "permitted capabilities that capset asks for"},
	{"cap_inheritable", "inheritable capabilities that capset asks for"},
	{"cap_effective", "effective capabilities that capset asks for"},
	{"uargs", "parameters of a kernel module"},
	{"data", "data of ptrace"},
}

// numberArgs are parameters that are numbers.
var numberArgs = [][2]string{
	{"pid", "process that a signal or ptrace is for"},
	{"tid", "thread that a signal is for"},
	{"gid", "group that setgid or chown asks for"},
	{"rgid", "real group that setregid or setresgid asks for"},
	{"egid", "effective group that setregid or setresgid asks for"},
	{"sgid", "saved group that setresgid asks for"},
	{"ruid", "real user that setreuid or setresuid asks for"},
	{"euid", "effective user that setreuid or setresuid asks for"},
	{"suid", "saved user that setresuid asks for"},
	{"dev", "what is mounted, or the device of mknod"},
	{"arg2_int", "second parameter of prctl, a number"},
	{"backlog", "how many connections listen lets wait"},
	{"oldfd", "descriptor that dup copies"},
	{"newfd", "descriptor that dup2 and dup3 ask for"},
	{"length", "size of a kernel module, or of truncate"},
}

// userArg is what was recorded, and the name of an id where that is known.
func userArg(to []string, r *Record) []string {
	user, ok := r.arg("uid")
	if r.Kind == sysflow.KindProcessEvent && r.Ops&sysflow.OpSetuid != 0 && len(r.Args) > 0 {
		user, ok = r.Args[0], true
	}
	if !ok || user == "" {
		return to
	}
	to = append(to, user)
	var digits [len("-2147483648")]byte
	switch p := r.Process; {
	case p != nil && p.UserName != "" && user == string(strconv.AppendInt(digits[:0], int64(p.UID), 10)):
		return append(to, p.UserName)
	case user == "0":
		return append(to, "root")
	}
	return to
}

func appendAddrArg(b []byte, r *Record) []byte {
	if addr, ok := r.arg("addr"); ok {
		return append(b, addr...)
	}
	switch {
	case r.Kind != sysflow.KindNetworkEvent:
	case r.Ops&sysflow.OpBind != 0 && r.SIP.IsValid():
		return appendEnd(b, r.SIP, r.SPort)
	case r.Ops&sysflow.OpConnect != 0 && r.DIP.IsValid():
		return appendEnd(b, r.DIP, r.DPort)
	}
	return b
}

// pathArgs are the parameters that are paths, in the order of evt.args. As text Falco
// shows them resolved, which is how they are recorded.
var pathArgs = [...]pathArg{
	{"name", "path of an open, unlinkat or umount; name of memfd_create, of the attribute of setxattr", func(r *Record) string {
		if r.opens() {
			return r.File.Path
		}
		if r.Kind == sysflow.KindProcessEvent || r.Ops&sysflow.OpSetxattr != 0 {
			return argText("name")(r)
		}
		return fileOf(r, sysflow.OpUnlink|sysflow.OpOpen)
	}, ""},
	{"path", "path of mkdir, rmdir, unlink, chown, truncate, mknod or chroot", func(r *Record) string {
		if r.Kind == sysflow.KindProcessEvent {
			return argText("path")(r)
		}
		return fileOf(r, onePathOps|sysflow.OpChown|sysflow.OpFtruncate|sysflow.OpMknod)
	}, ""},
	{"pathname", "path of fchownat or setxattr", func(r *Record) string { return fileOf(r, sysflow.OpChown|sysflow.OpSetxattr) }, ""},
	{"oldpath", "old path of a rename or link", func(r *Record) string { return fileOf(r, sysflow.OpRename|sysflow.OpLink) }, ""},
	{"newpath", "new path of a rename or link", func(r *Record) string { return newFileOf(r, sysflow.OpRename|sysflow.OpLink) }, ""},
	{"target", "what a symbolic link points to", func(r *Record) string { return fileOf(r, sysflow.OpSymlink) }, "some sources make a relative target absolute"},
	{"linkpath", "path of a symbolic link", func(r *Record) string { return newFileOf(r, sysflow.OpSymlink) }, ""},
	{"filename", "path of what is executed, or of chmod", func(r *Record) string {
		if r.Kind == sysflow.KindFileEvent {
			return fileOf(r, sysflow.OpChmod)
		}
		if r.Kind != sysflow.KindProcessEvent || r.Ops&sysflow.OpExec == 0 || r.Process == nil {
			return ""
		}
		return r.Process.Exe
	}, "the path of the executable, symbolic links resolved; of failed calls that of the process as it was"},
}

type pathArg struct {
	name, desc string
	get        func(*Record) string
	note       string
}

// rawText is the path as the call was given it, where that is recorded.
func (a *pathArg) rawText(r *Record) string {
	if r.triesOpen() {
		if raw, ok := r.arg(a.name); ok {
			return raw
		}
	}
	return a.get(r)
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

var openFlagsTexts = texts[sysflow.OpenFlags]{make: func(flags sysflow.OpenFlags) string {
	var names []string
	for _, f := range openFlagNames {
		if flags&f.flag == f.flag {
			flags &^= f.flag
			names = append(names, f.name)
		}
	}
	return strings.Join(names, "|")
}}

// exeFlagNames are Falco's names of what is known of an executable (driver/flags_table.c).
var exeFlagNames = [...]struct {
	flag sysflow.ExeFlags
	name string
}{
	{sysflow.ExeWritable, "EXE_WRITABLE"},
	{sysflow.ExeUpperLayer, "EXE_UPPER_LAYER"},
	{sysflow.ExeMemfd, "EXE_FROM_MEMFD"},
	{sysflow.ExeLowerLayer, "EXE_LOWER_LAYER"},
}

var exeFlagsTexts = texts[sysflow.ExeFlags]{make: func(flags sysflow.ExeFlags) string {
	var names []string
	for _, f := range exeFlagNames {
		if flags&f.flag != 0 {
			names = append(names, f.name)
		}
	}
	return strings.Join(names, "|")
}}

// flagsText is what the call was given as flags, in Falco's names.
func flagsText(r *Record) string {
	switch {
	case r.opens(), r.triesOpen() && r.OpenFlags != 0:
		return openFlagsTexts.of(r.OpenFlags)
	case r.Kind == sysflow.KindProcessEvent && r.Ops&sysflow.OpExec != 0:
		if r.Process == nil || r.Process.Details == nil {
			return ""
		}
		return exeFlagsTexts.of(r.Process.Details.ExeFlags)
	}
	flags, _ := r.arg("flags")
	return flags
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
	add("flags", flagsText(r))
	if r.Kind == sysflow.KindProcessEvent && r.Ops&sysflow.OpSetuid != 0 && len(r.Args) > 0 {
		add("uid", r.Args[0])
	}
	for _, arg := range r.namedArgs() {
		if name, value, ok := strings.Cut(arg, "="); ok && !isShown(r, name) {
			add(name, value)
		}
	}
	return b
}

// isShown reports whether appendArgs shows a parameter anyway.
func isShown(r *Record, name string) bool {
	if name == "flags" {
		return true
	}
	for i := range pathArgs {
		if pathArgs[i].name == name && pathArgs[i].get(r) != "" {
			return true
		}
	}
	return false
}
