package reading

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// Resource is what the resource of log records says. The zero value is ready to read one
// after the other; what it says is valid until the next one is read.
type Resource struct {
	Node field.Node
	// Process is described if HasProcess is set, and has an id if HasOID is.
	Process            sysflow.Process
	HasProcess, HasOID bool
	// Container is described if HasContainer is set; its id may be known without that.
	Container    sysflow.Container
	HasContainer bool
	// Pod has all but what only its own record says. Labels are left to SamePod.
	Pod sysflow.Pod

	attrs                 pcommon.Map
	labels                int
	image, tag            string
	commandLine, creation string
	exeName, owner        string
	raw                   pcommon.Value
	hasRaw, hasParent     bool
	parent                sysflow.OID
	env, args, ips, tags  []string
}

// Read reads the attributes of a resource.
func (s *Resource) Read(attrs pcommon.Map) {
	*s = Resource{attrs: attrs, env: s.env[:0], args: s.args[:0], ips: s.ips[:0], tags: s.tags[:0]}
	s.Process.UID, s.Process.GID = sysflow.UnknownID, sysflow.UnknownID
	s.Process.State = sysflow.StateReup
	for k, v := range attrs.All() {
		s.set(k, v)
	}
	if s.hasRaw && s.raw.Type() == pcommon.ValueTypeMap {
		labels := s.labels
		for k, v := range s.raw.Map().All() {
			s.set(k, v)
		}
		s.labels = labels // theirs are taken as they are
	}
	s.finish()
}

// set takes over an attribute.
func (s *Resource) set(key string, v pcommon.Value) {
	switch {
	case strings.HasPrefix(key, "process."):
		s.setProcess(key, v)
	case strings.HasPrefix(key, "sysflow.process."):
		s.setSysFlowProcess(key, v)
	case strings.HasPrefix(key, "container."), strings.HasPrefix(key, "sysflow.container."):
		s.setContainer(key, v)
	case strings.HasPrefix(key, plogs.KeyPodLabelPrefix):
		s.labels++
	case strings.HasPrefix(key, "k8s."):
		s.setPod(key, v)
	default:
		s.setNode(key, v)
	}
}

func (s *Resource) setNode(key string, v pcommon.Value) {
	switch key {
	case plogs.KeyHostName:
		putText(v, &s.Node.Name)
	case plogs.KeyHostIP:
		putTexts(v, &s.ips)
	case plogs.KeySchemaVersion:
		putInt64(v, &s.Node.SchemaVersion)
	case plogs.KeyTraceFile:
		putText(v, &s.Node.TraceFile)
	case plogs.KeyRaw:
		s.raw, s.hasRaw = v, true
	}
}

// setProcess takes over an attribute of the semantic conventions. process.executable.name,
// process.command_args and process.owner are not ours; they stand in where ours are missing.
func (s *Resource) setProcess(key string, v pcommon.Value) {
	p := &s.Process
	switch key {
	case plogs.KeyPID:
		putInt64(v, &p.OID.HPID)
		s.HasOID = true
		return
	case plogs.KeyCreationTime:
		s.creation = v.Str()
		return
	case plogs.KeyParentPID:
		putInt64(v, &s.parent.HPID)
		s.hasParent = true
	case plogs.KeyExecutablePath:
		putText(v, &p.Exe)
	case plogs.KeyExecutableName:
		putText(v, &s.exeName)
	case plogs.KeyCommandLine:
		putText(v, &s.commandLine)
	case keyCommandArgs:
		putTexts(v, &s.args)
	case plogs.KeyUserID:
		putInt32(v, &p.UID)
	case plogs.KeyUserName:
		putText(v, &p.UserName)
	case keyOwner:
		putText(v, &s.owner)
	case plogs.KeyInteractive:
		putBool(v, &p.TTY)
	case plogs.KeyWorkDir:
		putText(v, &p.CWD)
	default:
		return // foreign
	}
	s.HasProcess = true
}

func (s *Resource) setSysFlowProcess(key string, v pcommon.Value) {
	p := &s.Process
	switch key {
	case plogs.KeyCreateTS:
		putInt64(v, &p.OID.CreateTS)
		return
	case plogs.KeyParentCreateTS:
		putInt64(v, &s.parent.CreateTS)
	case plogs.KeyProcessState:
		putEnum(v, sysflow.ParseObjectState, &p.State)
	case plogs.KeyProcessTS:
		putInt64(v, &p.TS)
	case plogs.KeyGroupID:
		putInt32(v, &p.GID)
	case plogs.KeyGroupName:
		putText(v, &p.GroupName)
	case plogs.KeyEntry:
		putBool(v, &p.Entry)
	case plogs.KeyEnv:
		putTexts(v, &s.env)
	default:
		return
	}
	s.HasProcess = true
}

func (s *Resource) setContainer(key string, v pcommon.Value) {
	c := &s.Container
	switch key {
	case plogs.KeyContainerID:
		putText(v, &c.ID)
		return // an id alone describes nothing
	case plogs.KeyContainerName:
		putText(v, &c.Name)
	case plogs.KeyImageName:
		putText(v, &s.image)
	case plogs.KeyImageTags:
		putTexts(v, &s.tags)
	case plogs.KeyImageID:
		putText(v, &c.ImageID)
	case plogs.KeyContainerType:
		putEnum(v, sysflow.ParseContainerType, &c.Type)
	case plogs.KeyPrivileged:
		putBool(v, &c.Privileged)
	default:
		return
	}
	s.HasContainer = true
}

func (s *Resource) setPod(key string, v pcommon.Value) {
	switch key {
	case plogs.KeyPodUID:
		putText(v, &s.Pod.ID)
	case plogs.KeyPodName:
		putText(v, &s.Pod.Name)
	case plogs.KeyNamespace:
		putText(v, &s.Pod.Namespace)
	case plogs.KeyNodeName:
		putText(v, &s.Pod.NodeName)
	}
}

// finish puts the entities together.
func (s *Resource) finish() {
	if len(s.ips) > 0 {
		s.Node.IP = s.ips[0]
	}
	if len(s.tags) > 0 {
		s.tag = s.tags[0]
	}
	s.Container.PodID = s.Pod.ID
	p := &s.Process
	p.ContainerID, p.Env = s.Container.ID, s.env
	if s.hasParent {
		p.POID = &s.parent
	}
	if p.OID.CreateTS == 0 && s.creation != "" {
		if t, err := time.Parse(time.RFC3339Nano, s.creation); err == nil {
			p.OID.CreateTS = t.UnixNano()
		}
	}
	if p.Exe == "" {
		p.Exe = s.exeName
	}
	if p.UserName == "" {
		p.UserName = s.owner
	}
	switch {
	case s.commandLine != "":
		p.ExeArgs = arguments(p.Exe, s.commandLine)
	case len(s.args) > 1:
		p.ExeArgs = strings.Join(s.args[1:], " ")
	}
}

// arguments is the inverse of plogs.CommandLine. Where the command line does not begin
// with the executable, the first word is taken for it.
func arguments(exe, commandLine string) string {
	if exe == "" {
		return commandLine
	}
	rest, ok := strings.CutPrefix(commandLine, exe)
	if ok && (rest == "" || rest[0] == ' ') {
		return strings.TrimPrefix(rest, " ")
	}
	_, args, _ := strings.Cut(commandLine, " ")
	return args
}
