package policytest

import (
	"cmp"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Made-up times: the records of a case begin at start; its processes were created before,
// one after the other, unless the case says otherwise.
var start = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

const (
	processAge = -time.Minute
	step       = time.Millisecond
	// firstPID is that of the first process without one.
	firstPID = 1000
	// firstUser is what Linux distributions give to the first ordinary user.
	firstUser = 1000
)

// builder makes records of a scene.
type builder struct {
	*decoder
	scene      *scene
	pods       map[string]*sysflow.Pod
	containers map[string]*sysflow.Container
	processes  map[string]*processSpec
	oids       map[sysflow.OID]string
	files      map[sysflow.FOID]sysflow.FileType
	out        []sysflow.Record
	lines      []int
}

// build returns the records of a scene, entities before what refers to them, and the lines of
// its events and flows.
func (d *decoder) build(s *scene) (records []sysflow.Record, lines []int) {
	b := &builder{
		decoder: d, scene: s,
		pods: make(map[string]*sysflow.Pod), containers: make(map[string]*sysflow.Container),
		processes: make(map[string]*processSpec), oids: make(map[sysflow.OID]string),
		files: make(map[sysflow.FOID]sysflow.FileType),
	}
	b.header()
	b.groups()
	for _, p := range s.processes {
		b.processes[p.name] = p
	}
	for _, p := range s.processes {
		b.process(p)
	}
	at := time.Duration(0)
	for i := range s.records {
		r := &s.records[i]
		if r.when != nil {
			at = *r.when
		} else if i > 0 {
			at += step
		}
		b.record(r, start.Add(at).UnixNano())
	}
	return b.out, b.lines
}

func (b *builder) header() {
	h := cmp.Or(b.scene.node, &sysflow.Header{Exporter: "test"})
	h.Version = sysflow.SchemaVersion
	b.out = append(b.out, h)
}

// groups adds pods and containers.
func (b *builder) groups() {
	for i := range b.scene.pods {
		p := &b.scene.pods[i]
		p.TS = start.UnixNano()
		b.pods[p.name] = &p.Pod
		b.out = append(b.out, &p.Pod)
	}
	for i := range b.scene.containers {
		c := &b.scene.containers[i]
		if c.pod != nil {
			pod := b.pods[c.pod.Value]
			if pod == nil {
				b.add(c.pod, didYouMean(c.pod.Value, b.pods), "container %q: there is no pod %q", c.name, c.pod.Value)
				continue
			}
			c.PodID = pod.ID
		}
		b.containers[c.name] = &c.Container
		b.out = append(b.out, &c.Container)
	}
}

// process adds a process after its ancestors and returns its record, nil after an error.
func (b *builder) process(p *processSpec) *sysflow.Process {
	switch {
	case p.done:
		return p.record
	case p.resolving:
		b.add(p.parent, "", "process %q is its own ancestor", p.name)
		return nil
	}
	p.resolving = true
	defer func() { p.resolving, p.done = false, true }()

	var parent *sysflow.Process
	if p.parent != nil {
		spec := b.processes[p.parent.Value]
		if spec == nil {
			b.add(p.parent, didYouMean(p.parent.Value, b.processes), "process %q: there is no process %q", p.name, p.parent.Value)
			return nil
		}
		if parent = b.process(spec); parent == nil {
			return nil
		}
	}
	record := b.newProcess(p, parent)
	if other, double := b.oids[record.OID]; double {
		b.add(p.at, "give them other pids or times of creation", "processes %q and %q are the same", other, p.name)
		return nil
	}
	b.oids[record.OID] = p.name
	p.record = record
	b.out = append(b.out, record)
	return record
}

func (b *builder) newProcess(p *processSpec, parent *sysflow.Process) *sysflow.Process {
	nth := len(b.oids)
	created := value(p.created, processAge+time.Duration(nth)*step)
	ts := start.Add(created).UnixNano()
	out := &sysflow.Process{
		OID: sysflow.OID{CreateTS: ts, HPID: value(p.pid, int64(firstPID+nth))}, TS: ts,
		ExeArgs: p.args, TTY: p.tty, Entry: p.entry, Env: p.env,
	}
	inherited := &sysflow.Process{UserName: "root", GroupName: "root", CWD: "/"}
	if parent != nil {
		poid := parent.OID
		out.POID, inherited = &poid, parent
	}
	out.ContainerID = inherited.ContainerID
	if p.container != nil {
		out.ContainerID = b.containerID(p, p.container)
	}
	out.Exe, out.CWD = value(p.exe, inherited.Exe), directory(value(p.cwd, inherited.CWD))
	if out.Exe == "" {
		b.add(p.at, "add exe: the path of its program", "process %q has no exe", p.name)
	}
	out.UserName, out.UID = account(p.user, p.uid, inherited.UserName, inherited.UID)
	out.GroupName, out.GID = account(p.group, p.gid, inherited.GroupName, inherited.GID)
	out.Details = p.details.build(out, parent)
	return out
}

func (b *builder) containerID(p *processSpec, n *yaml.Node) string {
	if n.Value == "" && n.Kind == yaml.ScalarNode {
		return "" // the host, though the parent is in a container
	}
	if c := b.containers[n.Value]; c != nil {
		return c.ID
	}
	b.add(n, didYouMean(n.Value, b.containers), "process %q: there is no container %q", p.name, n.Value)
	return ""
}

// account returns name and id of a user or group of which only one may be given.
func account(name *string, id *int32, inheritedName string, inheritedID int32) (string, int32) {
	const rootName = "root"
	switch {
	case name == nil && id == nil:
		return inheritedName, inheritedID
	case name == nil && *id == 0:
		return rootName, 0
	case name == nil && *id == inheritedID:
		return inheritedName, *id
	case name == nil:
		return "", *id
	case id != nil:
		return *name, *id
	case *name == rootName:
		return rootName, 0
	case *name == inheritedName:
		return *name, inheritedID
	default:
		return *name, firstUser
	}
}

// directory ends in a slash, as sysflow.Process says.
func directory(path string) string {
	if path == "" || path[len(path)-1] == '/' {
		return path
	}
	return path + "/"
}

func value[T any](p *T, otherwise T) T {
	if p != nil {
		return *p
	}
	return otherwise
}
