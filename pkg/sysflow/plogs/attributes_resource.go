package plogs

import (
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func resourceAttributes() []Attribute {
	var every []sysflow.Kind
	return slices.Concat([]Attribute{
		standard(KeyHostName, OnResource, Text, every, "the exporter in the trace's header: the name of the node"),
		standard(KeyHostIP, OnResource, TextList, every, "the node's address in the trace's header"),
		own(KeySchemaVersion, OnResource, Int, every, "", "the schema version in the trace's header"),
		own(KeyTraceFile, OnResource, Text, every, "", "the file name in the trace's header"),

		standard(KeyPID, OnResource, Int, ofProcesses, "the process id in the host's pid namespace"),
		own(KeyCreateTS, OnResource, Int, ofProcesses, "ns", "when the process was created, since the Unix epoch; with the pid it identifies the process; 0 for processes older than an offline capture"),
		standard(KeyCreationTime, OnResource, Text, ofProcesses, "when the process was created, as RFC 3339 text"),
		standard(KeyParentPID, OnResource, Int, ofProcesses, "the pid of the parent"),
		own(KeyParentCreateTS, OnResource, Int, ofProcesses, "ns", "when the parent was created"),
		own(KeyProcessState, OnResource, Text, ofProcesses, "", "how this description came about: CREATED (a new process), MODIFIED (changed by exec or setuid) or REUP (existed before)"),
		own(KeyProcessTS, OnResource, Int, ofProcesses, "ns", "since when the process looks like this"),
		standard(KeyExecutablePath, OnResource, Text, ofProcesses, "the executable"),
		standard(KeyExecutableName, OnResource, Text, ofProcesses, "the last element of the executable's path"),
		standard(KeyCommandLine, OnResource, Text, ofProcesses, "the executable and its arguments, joined by spaces"),
		standard(KeyUserID, OnResource, Int, ofProcesses, "the effective user id"),
		standard(KeyUserName, OnResource, Text, ofProcesses, "the effective user"),
		own(KeyGroupID, OnResource, Int, ofProcesses, "", "the effective group id"),
		own(KeyGroupName, OnResource, Text, ofProcesses, "", "the effective group"),
		standard(KeyInteractive, OnResource, Bool, ofProcesses, "whether the process has a controlling terminal"),
		own(KeyEntry, OnResource, Bool, ofProcesses, "", "true if the process is the first of its pid namespace"),
		standard(KeyWorkDir, OnResource, Text, ofProcesses, "the working directory, ending in a slash"),
		own(KeyEnv, OnResource, TextList, ofProcesses, "", "the environment as KEY=VALUE texts"),
	}, processDetails(), []Attribute{
		standard(KeyContainerID, OnResource, Text, ofContainers, "the container's id, as the runtime abbreviates it"),
		standard(KeyContainerName, OnResource, Text, ofContainers, "the container's name"),
		standard(KeyImageName, OnResource, Text, ofContainers, "the image without its tag"),
		standard(KeyImageTags, OnResource, TextList, ofContainers, "the image's tag"),
		standard(KeyImageID, OnResource, Text, ofContainers, "the image's id"),
		own(KeyContainerType, OnResource, Text, ofContainers, "", "the runtime: CT_DOCKER, CT_CONTAINERD, CT_CRIO, ..."),
		own(KeyPrivileged, OnResource, Bool, ofContainers, "", "whether the container is privileged"),
		standard(KeyRuntimeName, OnResource, Text, ofContainers, "the runtime by name, where the container's type has no symbol for it: podman; since version 6"),
		standard(KeyRepoDigests, OnResource, TextList, ofContainers, "the image's name and digest in its registry; since version 6"),
		{
			Key: KeyLabelPrefix, Prefix: true, Place: OnResource, Type: Text, Kinds: ofContainers, Standard: true,
			Meaning: "the container's labels, one attribute each; since version 6",
		},
		own(KeyMounts, OnResource, MapList, ofContainers, "", "what the container sees of the host: source, destination, mode, rw, propagation; since version 6"),

		standard(KeyPodUID, OnResource, Text, ofPods, "the pod's id"),
		standard(KeyPodName, OnResource, Text, ofPods, "the pod's name"),
		standard(KeyNamespace, OnResource, Text, ofPods, "the pod's namespace"),
		standard(KeyNodeName, OnResource, Text, ofPods, "the pod's node"),
		{
			Key: KeyPodLabelPrefix, Prefix: true, Place: OnResource, Type: Text, Kinds: ofPods, Standard: true,
			Meaning: "the pod's labels, one attribute each",
		},
		own(KeyRaw, OnResource, Map, every, "", rawMeaning),
	})
}

const rawMeaning = "the exact bytes of those attributes that are no valid UTF-8, by key; " +
	"the attributes themselves have U+FFFD instead of what is invalid"
