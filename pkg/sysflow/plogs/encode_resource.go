package plogs

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

const (
	processAttributes   = 32
	extraAttributes     = 26
	podRecordAttributes = 8
)

func putHeader(m pcommon.Map, h *sysflow.Header) {
	if h == nil {
		return
	}
	putText(m, KeyHostName, h.Exporter)
	if h.IP != "" {
		putTexts(m, KeyHostIP, []string{h.IP})
	}
	putCount(m, KeySchemaVersion, h.Version)
	putText(m, KeyTraceFile, h.Filename)
}

func putOID(m pcommon.Map, id sysflow.OID) {
	m.PutInt(KeyPID, id.HPID)
	m.PutInt(KeyCreateTS, id.CreateTS)
	if id.CreateTS > 0 {
		m.PutStr(KeyCreationTime, time.Unix(0, id.CreateTS).UTC().Format(time.RFC3339Nano))
	}
}

func putProcess(m pcommon.Map, p *sysflow.Process) {
	if p.POID != nil {
		m.PutInt(KeyParentPID, p.POID.HPID)
		m.PutInt(KeyParentCreateTS, p.POID.CreateTS)
	}
	putText(m, KeyExecutablePath, p.Exe)
	putText(m, KeyExecutableName, p.Exe[strings.LastIndexByte(p.Exe, '/')+1:])
	putText(m, KeyCommandLine, CommandLine(p))
	if p.UID != sysflow.UnknownID {
		m.PutInt(KeyUserID, int64(p.UID))
	}
	putText(m, KeyUserName, p.UserName)
	if p.GID != sysflow.UnknownID {
		m.PutInt(KeyGroupID, int64(p.GID))
	}
	putText(m, KeyGroupName, p.GroupName)
	m.PutBool(KeyInteractive, p.TTY)
	if p.Entry {
		m.PutBool(KeyEntry, true)
	}
	putText(m, KeyWorkDir, p.CWD)
	putTexts(m, KeyEnv, p.Env)
	m.PutStr(KeyProcessState, p.State.String())
	m.PutInt(KeyProcessTS, p.TS)
	putDetails(m, p.Details)
}

// CommandLine joins the executable and the arguments of a process.
func CommandLine(p *sysflow.Process) string {
	switch {
	case p.Exe == "":
		return p.ExeArgs
	case p.ExeArgs == "":
		return p.Exe
	}
	return p.Exe + " " + p.ExeArgs
}

// putContainer describes a container, or gives just its id when c is nil.
func putContainer(m pcommon.Map, id string, c *sysflow.Container) {
	putText(m, KeyContainerID, id)
	if c == nil {
		return
	}
	putText(m, KeyContainerName, c.Name)
	name, tag := splitImage(c.Image)
	putText(m, KeyImageName, name)
	if tag != "" {
		putTexts(m, KeyImageTags, []string{tag})
	}
	putText(m, KeyImageID, c.ImageID)
	m.PutStr(KeyContainerType, c.Type.String())
	m.PutBool(KeyPrivileged, c.Privileged)
	putContainerDetails(m, c)
}

// splitImage divides an image reference into name and tag. A reference by digest and
// the colon of a registry's port are left alone.
func splitImage(image string) (name, tag string) {
	at := strings.LastIndexByte(image, ':')
	if at < 0 || at < strings.LastIndexByte(image, '/') || strings.Contains(image, "@") {
		return image, ""
	}
	if at == len(image)-1 {
		return image, ""
	}
	return image[:at], image[at+1:]
}

// putPod describes a pod as far as rules and readers want it next to a process, or
// gives just its id when p is nil.
func putPod(m pcommon.Map, id string, p *sysflow.Pod) {
	putText(m, KeyPodUID, id)
	if p == nil {
		return
	}
	putText(m, KeyPodName, p.Name)
	putText(m, KeyNamespace, p.Namespace)
	putText(m, KeyNodeName, p.NodeName)
	putPairs(m, KeyPodLabelPrefix, p.Labels)
	putRawPairs(m, keyPodLabels, p.Labels)
}

// putPodDetails writes what only the pod's own record says.
func putPodDetails(m pcommon.Map, p *sysflow.Pod) {
	m.PutInt(KeyPodTS, p.TS)
	putCount(m, KeyPodRestartCount, p.RestartCount)
	putIPv4s(m, KeyPodHostIPs, p.HostIP)
	putIPv4s(m, KeyPodIPs, p.InternalIP)
	if len(p.Selectors) > 0 {
		putPairs(m.PutEmptyMap(KeyPodSelectors), "", p.Selectors)
		putRawPairs(m, KeyPodSelectors, p.Selectors)
	}
	if len(p.Services) > 0 {
		s := m.PutEmptySlice(KeyPodServices)
		for i := range p.Services {
			putService(s.AppendEmpty().SetEmptyMap(), &p.Services[i])
		}
	}
}

func putService(m pcommon.Map, s *sysflow.Service) {
	putText(m, "name", s.Name)
	putText(m, "id", s.ID)
	putText(m, "namespace", s.Namespace)
	putIPv4s(m, "cluster_ips", s.ClusterIP)
	if len(s.PortList) == 0 {
		return
	}
	ports := m.PutEmptySlice("ports")
	for _, p := range s.PortList {
		pm := ports.AppendEmpty().SetEmptyMap()
		pm.PutInt("port", int64(p.Port))
		pm.PutInt("target_port", int64(p.TargetPort))
		pm.PutInt("node_port", int64(p.NodePort))
		putText(pm, "protocol", p.Proto)
	}
}

func putIPv4s(m pcommon.Map, key string, list []int64) {
	if len(list) == 0 {
		return
	}
	s := m.PutEmptySlice(key)
	for _, v := range list {
		s.AppendEmpty().SetStr(formatIPv4(v))
	}
}
