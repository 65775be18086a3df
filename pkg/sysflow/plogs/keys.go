package plogs

import semconv "go.opentelemetry.io/otel/semconv/v1.38.0"

// SchemaURL names the version of the semantic conventions that the standard
// attributes follow.
const SchemaURL = semconv.SchemaURL

// Keys of resource attributes: where a record happened. Keys from the semantic
// conventions are taken from their package, so that a misspelling does not compile.
const (
	KeyHostName      = string(semconv.HostNameKey)
	KeyHostIP        = string(semconv.HostIPKey)
	KeySchemaVersion = "sysflow.schema.version"
	KeyTraceFile     = "sysflow.trace.file"

	KeyPID            = string(semconv.ProcessPIDKey)
	KeyCreateTS       = "sysflow.process.create_ts"
	KeyCreationTime   = string(semconv.ProcessCreationTimeKey)
	KeyParentPID      = string(semconv.ProcessParentPIDKey)
	KeyParentCreateTS = "sysflow.process.parent.create_ts"
	KeyProcessState   = "sysflow.process.state"
	KeyProcessTS      = "sysflow.process.ts"
	KeyExecutablePath = string(semconv.ProcessExecutablePathKey)
	KeyExecutableName = string(semconv.ProcessExecutableNameKey)
	KeyCommandLine    = string(semconv.ProcessCommandLineKey)
	KeyUserID         = string(semconv.ProcessUserIDKey)
	KeyUserName       = string(semconv.ProcessUserNameKey)
	KeyGroupID        = "sysflow.process.group.id"
	KeyGroupName      = "sysflow.process.group.name"
	KeyInteractive    = string(semconv.ProcessInteractiveKey)
	KeyEntry          = "sysflow.process.entry"
	KeyWorkDir        = string(semconv.ProcessWorkingDirectoryKey)
	KeyEnv            = "sysflow.process.env"
	KeyContainerID    = string(semconv.ContainerIDKey)
	KeyContainerName  = string(semconv.ContainerNameKey)
	KeyImageName      = string(semconv.ContainerImageNameKey)
	KeyImageTags      = string(semconv.ContainerImageTagsKey)
	KeyImageID        = string(semconv.ContainerImageIDKey)
	KeyContainerType  = "sysflow.container.type"
	KeyPrivileged     = "sysflow.container.privileged"
	KeyRuntimeName    = string(semconv.ContainerRuntimeNameKey)
	KeyRepoDigests    = string(semconv.ContainerImageRepoDigestsKey)
	KeyMounts         = "sysflow.container.mounts"
	KeyLabelPrefix    = "container.label."
	KeyPodUID         = string(semconv.K8SPodUIDKey)
	KeyPodName        = string(semconv.K8SPodNameKey)
	KeyNamespace      = string(semconv.K8SNamespaceNameKey)
	KeyNodeName       = string(semconv.K8SNodeNameKey)
	KeyPodLabelPrefix = "k8s.pod.label."
)

// Keys of resource attributes that schema version 6 brought: sysflow.ProcessDetails.
const (
	KeyComm           = "sysflow.process.comm"
	KeyCommand        = string(semconv.ProcessCommandKey) // argv[0]
	KeyExeFlags       = "sysflow.process.executable.flags"
	KeyExeInode       = "sysflow.process.executable.inode"
	KeyExeCTime       = "sysflow.process.executable.ctime"
	KeyExeMTime       = "sysflow.process.executable.mtime"
	KeyCapPermitted   = "sysflow.process.cap.permitted"
	KeyCapEffective   = "sysflow.process.cap.effective"
	KeyCapInheritable = "sysflow.process.cap.inheritable"
	KeyRealUserID     = string(semconv.ProcessRealUserIDKey)
	KeySavedUserID    = string(semconv.ProcessSavedUserIDKey)
	KeyRealGroupID    = "sysflow.process.real_group.id"
	KeySavedGroupID   = "sysflow.process.saved_group.id"
	KeyLoginUserID    = "sysflow.process.login_user.id"
	KeyLoginUserName  = "sysflow.process.login_user.name"
	KeySessionPID     = string(semconv.ProcessSessionLeaderPIDKey)
	KeyGroupPID       = string(semconv.ProcessGroupLeaderPIDKey)
	KeyVPID           = string(semconv.ProcessVpidKey)
	KeyVSID           = "sysflow.process.vsid"
	KeyVPGID          = "sysflow.process.vpgid"
	// KeyNamespacePrefix is followed by cgroup, ipc, mnt, net, pid, user or uts.
	KeyNamespacePrefix = "sysflow.process.ns."
)

// Keys of record attributes: what happened. See Attributes for what they mean.
const (
	KeyType     = "sysflow.type"
	KeyOpFlags  = "sysflow.op_flags"
	KeyOps      = "sysflow.ops"
	KeyEndTS    = "sysflow.end_ts"
	KeyThreadID = string(semconv.ThreadIDKey)
	KeyRet      = "sysflow.ret"
	KeyArgs     = "sysflow.args"
	KeyFD       = "sysflow.fd"
	KeyOrigin   = "sysflow.origin"

	KeyFilePath      = string(semconv.FilePathKey)
	KeyFileType      = "sysflow.file.type"
	KeyFileState     = "sysflow.file.state"
	KeyFileTS        = "sysflow.file.ts"
	KeyFileOID       = "sysflow.file.oid"
	KeyFileContainer = "sysflow.file.container.id"
	KeyOpenFlags     = "sysflow.file.open_flags"

	KeyNewPath      = "sysflow.file.new_path"
	KeyNewType      = "sysflow.file.new_type"
	KeyNewState     = "sysflow.file.new_state"
	KeyNewTS        = "sysflow.file.new_ts"
	KeyNewOID       = "sysflow.file.new_oid"
	KeyNewContainer = "sysflow.file.new_container.id"

	KeyReadOps    = "sysflow.flow.read_ops"
	KeyWriteOps   = "sysflow.flow.write_ops"
	KeyReadBytes  = "sysflow.flow.read_bytes"
	KeyWriteBytes = "sysflow.flow.write_bytes"

	KeySourceAddress = string(semconv.SourceAddressKey)
	KeySourcePort    = string(semconv.SourcePortKey)
	KeyDestAddress   = string(semconv.DestinationAddressKey)
	KeyDestPort      = string(semconv.DestinationPortKey)
	KeyTransport     = string(semconv.NetworkTransportKey)
	KeyNetworkType   = string(semconv.NetworkTypeKey)
	KeyProto         = "sysflow.net.proto"

	KeyThreadsCloned = "sysflow.threads.cloned"
	KeyThreadsExited = "sysflow.threads.exited"
	KeyThreadsFailed = "sysflow.threads.failed"

	KeyPodTS           = "sysflow.pod.ts"
	KeyPodHostIPs      = "sysflow.pod.host_ips"
	KeyPodIPs          = "sysflow.pod.ips"
	KeyPodRestartCount = "sysflow.pod.restart_count"
	KeyPodSelectors    = "sysflow.pod.selectors"
	KeyPodServices     = "sysflow.pod.services"

	KeyGapCause = "sysflow.gap.cause"
	KeyGapCount = "sysflow.gap.count"

	KeyK8sKind    = "sysflow.k8s.kind"
	KeyK8sAction  = "sysflow.k8s.action"
	KeyK8sMessage = "sysflow.k8s.message"
)

// KeyRaw holds the exact bytes of text attributes that are no valid UTF-8, which
// OTLP demands of strings: a map from attribute key to bytes, or to a slice of bytes.
const KeyRaw = "sysflow.raw"

// keyPodLabels is the key within KeyRaw of a pod's labels, all of them.
const keyPodLabels = "sysflow.pod.labels"
