package sysflowtest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

var (
	exes     = []string{"/bin/sh", "/usr/bin/python3.11", "/usr/sbin/nginx", "./filer", "/opt/ünïcode/プログラム", ""}
	exeArgs  = []string{"", "-c  'two  spaces'", "-m http.server 8080", strings.Repeat("--long-option=value ", 40), "=\"quoted\"\ttab"}
	users    = []string{"root", "www-data", "<NA>", "jürgen"}
	dirs     = []string{"/", "/tmp/", "/srv/data files/", ""}
	fileDirs = []string{"/etc", "/tmp", "/var/log/nginx", "/proc/self", "/home/jürgen/ Dokumente"}
	types    = []sysflow.FileType{sysflow.FileRegular, sysflow.FileDirectory, sysflow.FileUnix, sysflow.FilePipe, sysflow.FileUnknown}
)

// process writes a new process, on the host when container is empty.
func (g *generator) process(container string, parent *sysflow.Process) {
	g.nextPID += 1 + g.rng.Int64N(3)
	p := &sysflow.Process{
		State:       sysflow.ObjectState(g.rng.IntN(2) * int(sysflow.StateReup)),
		OID:         sysflow.OID{CreateTS: g.tick(), HPID: g.nextPID},
		TS:          g.tick(),
		Exe:         pick(g.rng, exes),
		ExeArgs:     pick(g.rng, exeArgs),
		UID:         g.rng.Int32N(3)*1000 - 1000 + 999*g.rng.Int32N(2),
		UserName:    pick(g.rng, users),
		GID:         g.rng.Int32N(70_000),
		GroupName:   pick(g.rng, users),
		TTY:         g.rng.IntN(2) == 0,
		ContainerID: container,
		Entry:       g.rng.IntN(4) == 0,
		CWD:         pick(g.rng, dirs),
	}
	if p.UID < 0 {
		p.UID = sysflow.UnknownID
	}
	if g.nextPID%5 == 0 {
		p.OID.CreateTS = 0
	}
	if parent != nil {
		oid := parent.OID
		p.POID = &oid
	}
	for i := range g.rng.IntN(4) {
		p.Env = append(p.Env, fmt.Sprintf("VAR_%d=%s", i, pick(g.rng, exeArgs)))
	}
	p.Details = g.details()
	g.processes = append(g.processes, p)
	g.emit(p)
}

// modify writes a process again, as after exec or setuid.
func (g *generator) modify(p *sysflow.Process) {
	again := *p
	if p.POID != nil {
		oid := *p.POID
		again.POID = &oid
	}
	again.Env = append([]string(nil), p.Env...)
	again.State, again.TS = sysflow.StateModified, g.tick()
	again.Exe, again.ExeArgs, again.UID = pick(g.rng, exes), pick(g.rng, exeArgs), g.rng.Int32N(5)
	again.Details = g.details()
	for i := range g.processes {
		if g.processes[i] == p {
			g.processes[i] = &again
		}
	}
	g.emit(&again)
}

// file writes a new file, unless it was written before.
func (g *generator) file(container string) *sysflow.File {
	path := fmt.Sprintf("%s/file-%d", pick(g.rng, fileDirs), g.rng.IntN(1000))
	if g.rng.IntN(40) == 0 {
		path = "" // pipes of live captures
	}
	oid := sysflow.NewFOID(container, path)
	if f, ok := g.known[oid]; ok {
		return f
	}
	f := &sysflow.File{
		State:       sysflow.ObjectState(g.rng.IntN(2) * int(sysflow.StateReup)),
		OID:         oid,
		TS:          g.tick(),
		Type:        pick(g.rng, types),
		Path:        path,
		ContainerID: container,
	}
	g.known[oid] = f
	g.files = append(g.files, f)
	g.emit(f)
	return f
}

// fileOf returns a file that p's container can see.
func (g *generator) fileOf(p *sysflow.Process) *sysflow.File {
	for range 8 {
		if f := pick(g.rng, g.files); f.ContainerID == p.ContainerID {
			return f
		}
	}
	return g.file(p.ContainerID)
}

func (g *generator) container(pod string) {
	c := &sysflow.Container{
		ID:         fmt.Sprintf("%012x", g.rng.Uint64()>>16),
		Name:       fmt.Sprintf("name-%d", g.rng.IntN(1000)),
		Image:      "registry.example/app:1." + strconv.Itoa(g.rng.IntN(10)),
		ImageID:    fmt.Sprintf("sha256:%064x", g.rng.Uint64()),
		Type:       sysflow.ContainerType(g.rng.IntN(int(sysflow.ContainerBPM) + 1)),
		Privileged: g.rng.IntN(2) == 0,
		PodID:      pod,
	}
	g.detail(c)
	g.containers = append(g.containers, c)
	g.emit(c)
}

func (g *generator) pod() {
	name := fmt.Sprintf("pod-%d", len(g.pods))
	p := &sysflow.Pod{
		TS:           g.tick(),
		ID:           fmt.Sprintf("%08x-0000-4000-8000-%012x", g.rng.Uint32(), len(g.pods)),
		Name:         name,
		NodeName:     "node-1",
		HostIP:       []int64{0x0100007f},
		InternalIP:   []int64{g.rng.Int64N(1 << 32), g.rng.Int64N(1 << 32)},
		Namespace:    "default",
		RestartCount: g.rng.Int64N(10),
	}
	if g.rng.IntN(3) > 0 {
		p.Labels = map[string]string{"app": name, "tier": "back end", "": ""}
		p.Selectors = map[string]string{"app": name}
	}
	for i := range g.rng.IntN(3) {
		p.Services = append(p.Services, sysflow.Service{
			Name: fmt.Sprintf("svc-%d", i), ID: name + "-svc", Namespace: "default",
			PortList: []sysflow.Port{
				{Port: 80, TargetPort: 8080, NodePort: 30_000 + g.rng.Int32N(2000), Proto: "TCP"},
				{Port: 53, TargetPort: 53, Proto: "UDP"},
			},
			ClusterIP: []int64{g.rng.Int64N(1 << 32)},
		})
	}
	g.pods = append(g.pods, p)
	g.emit(p)
}
