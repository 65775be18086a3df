package plogs

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// resource is what the resource of log records says.
type resource struct {
	header *sysflow.Header // nil when there is none

	hasOID    bool
	oid       sysflow.OID
	process   *sysflow.Process // nil when not described
	container *sysflow.Container
	// containerID and podID may be known without a description.
	containerID, podID string
	// pod is never nil, but may hold nothing.
	pod *sysflow.Pod
}

// resourceFields collects the attributes of a resource.
type resourceFields struct {
	resource
	h           sysflow.Header
	p           sysflow.Process
	c           sysflow.Container
	k           sysflow.Pod
	d           sysflow.ProcessDetails
	described   struct{ header, process, details, container bool }
	parent      sysflow.OID
	hasParent   bool
	commandLine string
	imageTags   []string
	hostIPs     []string
	digests     []string
}

// resource decodes the attributes of a resource.
func (d *Decoder) resource(m pcommon.Map) *resource {
	f := &resourceFields{}
	f.p.UID, f.p.GID = sysflow.UnknownID, sysflow.UnknownID
	f.p.State = sysflow.StateReup
	f.d = *sysflow.NewProcessDetails()
	d.each(m, f.set)
	f.finish()
	return &f.resource
}

// set takes over an attribute. It reports false if the value cannot be right.
func (f *resourceFields) set(key string, v pcommon.Value) bool {
	switch key {
	case KeyHostName:
		f.described.header = true
		return asText(v, &f.h.Exporter)
	case KeyHostIP:
		f.described.header = true
		return asTexts(v, &f.hostIPs)
	case KeySchemaVersion:
		f.described.header = true
		return asInt(v, &f.h.Version)
	case KeyTraceFile:
		f.described.header = true
		return asText(v, &f.h.Filename)
	case KeyPID:
		f.hasOID = true
		return asInt(v, &f.oid.HPID)
	case KeyCreateTS:
		f.hasOID = true
		return asInt(v, &f.oid.CreateTS)
	case KeyContainerID:
		return asText(v, &f.containerID)
	case KeyPodUID:
		return asText(v, &f.podID)
	case keyPodLabels:
		labels, ok := rawPairs(v)
		f.k.Labels = labels
		return ok
	}
	switch {
	case strings.HasPrefix(key, "process.") || strings.HasPrefix(key, "sysflow.process."):
		return f.setProcess(key, v)
	case strings.HasPrefix(key, "container.") || strings.HasPrefix(key, "sysflow.container."):
		return f.setContainer(key, v)
	case strings.HasPrefix(key, "k8s."):
		return f.setPod(key, v)
	}
	return true
}

func (f *resourceFields) setProcess(key string, v pcommon.Value) bool {
	described := f.described.process
	f.described.process = true
	switch key {
	case KeyParentPID:
		f.hasParent = true
		return asInt(v, &f.parent.HPID)
	case KeyParentCreateTS:
		f.hasParent = true
		return asInt(v, &f.parent.CreateTS)
	case KeyProcessState:
		return asEnum(v, sysflow.ParseObjectState, &f.p.State)
	case KeyProcessTS:
		return asInt(v, &f.p.TS)
	case KeyExecutablePath:
		return asText(v, &f.p.Exe)
	case KeyCommandLine:
		return asText(v, &f.commandLine)
	case KeyUserID:
		return asInt(v, &f.p.UID)
	case KeyUserName:
		return asText(v, &f.p.UserName)
	case KeyGroupID:
		return asInt(v, &f.p.GID)
	case KeyGroupName:
		return asText(v, &f.p.GroupName)
	case KeyInteractive:
		return asBool(v, &f.p.TTY)
	case KeyEntry:
		return asBool(v, &f.p.Entry)
	case KeyWorkDir:
		return asText(v, &f.p.CWD)
	case KeyEnv:
		return asTexts(v, &f.p.Env)
	}
	f.described.process = described // derived or foreign
	return f.setDetails(key, v)
}

func (f *resourceFields) setContainer(key string, v pcommon.Value) bool {
	described := f.described.container
	f.described.container = true
	switch key {
	case KeyContainerName:
		return asText(v, &f.c.Name)
	case KeyImageName:
		return asText(v, &f.c.Image)
	case KeyImageTags:
		return asTexts(v, &f.imageTags)
	case KeyImageID:
		return asText(v, &f.c.ImageID)
	case KeyContainerType:
		return asEnum(v, sysflow.ParseContainerType, &f.c.Type)
	case KeyPrivileged:
		return asBool(v, &f.c.Privileged)
	}
	f.described.container = described
	return f.setContainerDetails(key, v)
}

func (f *resourceFields) setPod(key string, v pcommon.Value) bool {
	switch key {
	case KeyPodName:
		return asText(v, &f.k.Name)
	case KeyNamespace:
		return asText(v, &f.k.Namespace)
	case KeyNodeName:
		return asText(v, &f.k.NodeName)
	}
	label, ok := strings.CutPrefix(key, KeyPodLabelPrefix)
	if !ok {
		return true
	}
	f.k.Labels, ok = withPair(f.k.Labels, label, v)
	return ok
}

// finish puts the entities together.
func (f *resourceFields) finish() {
	if f.described.header {
		if len(f.hostIPs) > 0 {
			f.h.IP = f.hostIPs[0]
		}
		f.header = &f.h
	}
	if f.described.process || f.described.details {
		if f.described.details {
			f.p.Details = &f.d
		}
		f.p.OID = f.oid
		f.p.ContainerID = f.containerID
		f.p.ExeArgs = arguments(f.p.Exe, f.commandLine)
		if f.hasParent {
			f.p.POID = &f.parent
		}
		f.process = &f.p
	}
	if f.described.container {
		f.c.ID, f.c.PodID = f.containerID, f.podID
		f.c.ImageDigest = digest(f.c.Image, f.digests)
		if len(f.imageTags) > 0 {
			f.c.Image += ":" + f.imageTags[0]
		}
		f.container = &f.c
	}
	f.k.ID = f.podID
	f.pod = &f.k
}

// arguments is the inverse of CommandLine. Where the command line does not begin with
// the executable, because somebody changed it, the first word is taken for it.
func arguments(exe, commandLine string) string {
	if exe == "" {
		return commandLine
	}
	rest, ok := strings.CutPrefix(commandLine, exe)
	switch {
	case ok && rest == "":
		return ""
	case ok && rest[0] == ' ':
		return rest[1:]
	}
	_, args, _ := strings.Cut(commandLine, " ")
	return args
}
