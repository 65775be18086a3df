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
	// Pod has all but what only its own record says. Labels are left to SamePod, as those of the
	// container are to SameContainer.
	Pod sysflow.Pod
	// Ignored is how many attributes were taken for missing so far.
	Ignored int64

	attrs                 pcommon.Map
	labels                int
	containerLabels       int
	image, tag            string
	commandLine, creation string
	exeName, owner        string
	raw                   pcommon.Value
	hasRaw, hasParent     bool
	parent                sysflow.OID
	env, args, ips, tags  []string
	digests               []string
	mounts                []sysflow.Mount
	hasDetails            bool
	details               sysflow.ProcessDetails
}

// Read reads the attributes of a resource.
func (s *Resource) Read(attrs pcommon.Map) {
	*s = Resource{
		Ignored: s.Ignored, attrs: attrs, env: s.env[:0], args: s.args[:0], ips: s.ips[:0], tags: s.tags[:0],
		digests: s.digests[:0], mounts: s.mounts[:0], details: noDetails,
	}
	s.Process.UID, s.Process.GID = sysflow.UnknownID, sysflow.UnknownID
	s.Process.State = sysflow.StateReup
	for k, v := range attrs.All() {
		s.set(k, v)
	}
	if s.hasRaw && s.check(s.raw.Type() == pcommon.ValueTypeMap) {
		labels, containerLabels := s.labels, s.containerLabels
		for k, v := range s.raw.Map().All() {
			s.set(k, v)
		}
		s.labels, s.containerLabels = labels, containerLabels // theirs are taken as they are
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

// check counts what is ignored.
func (s *Resource) check(ok bool) bool {
	if !ok {
		s.Ignored++
	}
	return ok
}

func (s *Resource) setNode(key string, v pcommon.Value) {
	switch key {
	case plogs.KeyHostName:
		s.check(putText(v, &s.Node.Name))
	case plogs.KeyHostIP:
		s.check(putTexts(v, &s.ips))
	case plogs.KeySchemaVersion:
		s.check(putInt64(v, &s.Node.SchemaVersion))
	case plogs.KeyTraceFile:
		s.check(putText(v, &s.Node.TraceFile))
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
		s.HasOID = s.check(putInt64(v, &p.OID.HPID))
		return
	case plogs.KeyCreationTime:
		s.check(putText(v, &s.creation))
		return
	case plogs.KeyParentPID:
		s.hasParent = s.check(putInt64(v, &s.parent.HPID))
	case plogs.KeyExecutablePath:
		s.check(putText(v, &p.Exe))
	case plogs.KeyExecutableName:
		s.check(putText(v, &s.exeName))
	case plogs.KeyCommandLine:
		s.check(putText(v, &s.commandLine))
	case keyCommandArgs:
		s.check(putTexts(v, &s.args))
	case plogs.KeyUserID:
		s.check(putInt32(v, &p.UID))
	case plogs.KeyUserName:
		s.check(putText(v, &p.UserName))
	case keyOwner:
		s.check(putText(v, &s.owner))
	case plogs.KeyInteractive:
		s.check(putBool(v, &p.TTY))
	case plogs.KeyWorkDir:
		s.check(putText(v, &p.CWD))
	default:
		if !s.setDetail(key, v) {
			return // foreign
		}
	}
	s.HasProcess = true
}

func (s *Resource) setSysFlowProcess(key string, v pcommon.Value) {
	p := &s.Process
	switch key {
	case plogs.KeyCreateTS:
		s.check(putInt64(v, &p.OID.CreateTS))
		return
	case plogs.KeyParentCreateTS:
		s.check(putInt64(v, &s.parent.CreateTS))
	case plogs.KeyProcessState:
		s.check(putEnum(v, sysflow.ParseObjectState, &p.State))
	case plogs.KeyProcessTS:
		s.check(putInt64(v, &p.TS))
	case plogs.KeyGroupID:
		s.check(putInt32(v, &p.GID))
	case plogs.KeyGroupName:
		s.check(putText(v, &p.GroupName))
	case plogs.KeyEntry:
		s.check(putBool(v, &p.Entry))
	case plogs.KeyEnv:
		s.check(putTexts(v, &s.env))
	default:
		if !s.setDetail(key, v) {
			return
		}
	}
	s.HasProcess = true
}

func (s *Resource) setContainer(key string, v pcommon.Value) {
	c := &s.Container
	switch key {
	case plogs.KeyContainerID:
		s.check(putText(v, &c.ID))
		return // an id alone describes nothing
	case plogs.KeyContainerName:
		s.check(putText(v, &c.Name))
	case plogs.KeyImageName:
		s.check(putText(v, &s.image))
	case plogs.KeyImageTags:
		s.check(putTexts(v, &s.tags))
	case plogs.KeyImageID:
		s.check(putText(v, &c.ImageID))
	case plogs.KeyContainerType:
		s.check(putEnum(v, sysflow.ParseContainerType, &c.Type))
	case plogs.KeyPrivileged:
		s.check(putBool(v, &c.Privileged))
	case plogs.KeyRuntimeName:
		s.check(putText(v, &c.Runtime))
	case plogs.KeyRepoDigests:
		s.check(putTexts(v, &s.digests))
	case plogs.KeyMounts:
		s.check(putMounts(v, &s.mounts))
	default:
		if !strings.HasPrefix(key, plogs.KeyLabelPrefix) {
			return
		}
		s.containerLabels++
	}
	s.HasContainer = true
}

func (s *Resource) setPod(key string, v pcommon.Value) {
	switch key {
	case plogs.KeyPodUID:
		s.check(putText(v, &s.Pod.ID))
	case plogs.KeyPodName:
		s.check(putText(v, &s.Pod.Name))
	case plogs.KeyNamespace:
		s.check(putText(v, &s.Pod.Namespace))
	case plogs.KeyNodeName:
		s.check(putText(v, &s.Pod.NodeName))
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
	if len(s.digests) > 0 {
		s.Container.ImageDigest = digestOf(s.digests[0])
	}
	s.Container.PodID, s.Container.Mounts = s.Pod.ID, s.mounts
	p := &s.Process
	if s.hasDetails {
		p.Details = &s.details
	}
	p.ContainerID, p.Env = s.Container.ID, s.env
	if s.hasParent {
		p.POID = &s.parent
	}
	if p.OID.CreateTS == 0 && s.creation != "" {
		if t, err := time.Parse(time.RFC3339Nano, s.creation); s.check(err == nil) {
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
