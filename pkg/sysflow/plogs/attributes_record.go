package plogs

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

func recordAttributes() []Attribute {
	processFlow := []sysflow.Kind{sysflow.KindProcessFlow}
	fileFlow := []sysflow.Kind{sysflow.KindFileFlow}
	fileEvent := []sysflow.Kind{sysflow.KindFileEvent}
	pod := []sysflow.Kind{sysflow.KindPod}
	gap := []sysflow.Kind{sysflow.KindGap}
	k8s := []sysflow.Kind{sysflow.KindK8sEvent}
	return []Attribute{
		own(KeyType, OnRecord, Text, nil, "", "the kind of record: PE, FE, NE (events), PF, FF, NF (flows), KE (Kubernetes event), GAP (something is missing), P, F, C, POD, H (descriptions)"),
		own(KeyOpFlags, OnRecord, Int, withOps, "", "the operations as a set of SysFlow's bits; events have one, flows collect several"),
		own(KeyOps, OnRecord, Text, withOps, "", "the operations by name, joined by a vertical bar: CLONE, EXEC, OPEN, READ_RECV, WRITE_SEND, CLOSE, CONNECT, ..."),
		own(KeyEndTS, OnRecord, Int, withEnd, "ns", "the end of the flow or gap, since the Unix epoch; the timestamp of the record is its start"),
		standard(KeyThreadID, OnRecord, Int, withThread, "the thread in the host's pid namespace"),
		own(KeyRet, OnRecord, Int, withResult, "", "the result of the system call, a negative errno if it failed; for EXIT the wait status"),
		own(KeyArgs, OnRecord, TextList, withResult, "", "arguments of the operation: for SETUID the user, else name=value with the names that Falco gives to arguments"),
		own(KeyFD, OnRecord, Int, withFD, "", "the file descriptor"),
		own(KeyOrigin, OnRecord, Text, withOrigin, "", "the ways by which the operations came, joined by a vertical bar: syscall, io_uring; absent if all were system calls; since version 6"),

		standard(KeyFilePath, OnRecord, Text, withFile, "the path of the file, absolute as far as known"),
		own(KeyFileType, OnRecord, Text, withFile, "", "the type of the file: f (regular), d (directory), u (unix socket), p (pipe)"),
		own(KeyOpenFlags, OnRecord, Int, fileFlow, "", "how the file was opened, as a set of SysFlow's bits"),
		own(KeyFileContainer, OnRecord, Text, withFile, "", "the file's container, where it is not that of the process"),
		own(KeyFileState, OnRecord, Text, withFile, "", "CREATED or MODIFIED, on the first record about a file that did not exist before"),
		own(KeyFileTS, OnRecord, Int, withFile, "ns", "when the file was first seen; on the first record about it"),
		own(KeyFileOID, OnRecord, Text, withFile, "", "the file's id in hexadecimal, where it is not the SHA-1 of container id and path, or where only the id is known"),

		own(KeyNewPath, OnRecord, Text, fileEvent, "", "the second path of RENAME, LINK and SYMLINK: the new name"),
		own(KeyNewType, OnRecord, Text, fileEvent, "", "the type of the second file"),
		own(KeyNewContainer, OnRecord, Text, fileEvent, "", "the container of the second file, where it is not that of the process"),
		own(KeyNewState, OnRecord, Text, fileEvent, "", "as "+KeyFileState+", for the second file"),
		own(KeyNewTS, OnRecord, Int, fileEvent, "ns", "as "+KeyFileTS+", for the second file"),
		own(KeyNewOID, OnRecord, Text, fileEvent, "", "as "+KeyFileOID+", for the second file"),

		own(KeyReadOps, OnRecord, Int, withData, "operations", "reads or receives; absent means none"),
		own(KeyReadBytes, OnRecord, Int, withData, "bytes", "bytes read or received; absent means none"),
		own(KeyWriteOps, OnRecord, Int, withData, "operations", "writes or sends; absent means none"),
		own(KeyWriteBytes, OnRecord, Int, withData, "bytes", "bytes written or sent; absent means none"),

		standard(KeySourceAddress, OnRecord, Text, onNetwork, "the address of the side that began the connection"),
		standard(KeySourcePort, OnRecord, Int, onNetwork, "the port of the side that began the connection"),
		standard(KeyDestAddress, OnRecord, Text, onNetwork, "the address of the other side"),
		standard(KeyDestPort, OnRecord, Int, onNetwork, "the port of the other side"),
		standard(KeyTransport, OnRecord, Text, onNetwork, "the transport protocol by name: tcp, udp, icmp"),
		standard(KeyNetworkType, OnRecord, Text, onNetwork, "ipv4 or ipv6"),
		own(KeyProto, OnRecord, Int, onNetwork, "", "the transport protocol by number"),

		own(KeyThreadsCloned, OnRecord, Int, processFlow, "threads", "threads created"),
		own(KeyThreadsExited, OnRecord, Int, processFlow, "threads", "threads ended"),
		own(KeyThreadsFailed, OnRecord, Int, processFlow, "threads", "threads that could not be created"),

		own(KeyGapCause, OnRecord, Text, gap, "", "why records are missing: ring_buffer_full, ..."),
		own(KeyGapCount, OnRecord, Int, gap, "", "how many things went missing, of what the cause says"),

		own(KeyK8sKind, OnRecord, Text, k8s, "", "the kind of the Kubernetes object: K8S_PODS, ..."),
		own(KeyK8sAction, OnRecord, Text, k8s, "", "what happened to it: K8S_COMPONENT_ADDED, ..."),
		own(KeyK8sMessage, OnRecord, Text, k8s, "", "the object as JSON"),

		own(KeyPodTS, OnRecord, Int, pod, "ns", "since when the pod looks like this"),
		own(KeyPodRestartCount, OnRecord, Int, pod, "", "how often its containers restarted"),
		own(KeyPodHostIPs, OnRecord, TextList, pod, "", "the addresses of its node"),
		own(KeyPodIPs, OnRecord, TextList, pod, "", "its own addresses"),
		own(KeyPodSelectors, OnRecord, Map, pod, "", "its selectors"),
		own(KeyPodServices, OnRecord, MapList, pod, "", "the services that select it: name, id, namespace, cluster_ips, and ports with port, target_port, node_port, protocol"),
		own(KeyRaw, OnRecord, Map, nil, "", rawMeaning),
	}
}
