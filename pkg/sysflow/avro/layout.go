package avro

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// field names a place in one of the Go records; the decoder switches on it.
type field uint8

const (
	fieldNone field = iota
	fieldAction
	fieldArgs
	fieldClusterIP
	fieldContainerID
	fieldCreateTS
	fieldCWD
	fieldDIP
	fieldDPort
	fieldEndTS
	fieldEntry
	fieldEnv
	fieldExe
	fieldExeArgs
	fieldExporter
	fieldFD
	fieldFileOID
	fieldFilename
	fieldGID
	fieldGroupName
	fieldHostIP
	fieldHPID
	fieldID
	fieldImage
	fieldImageID
	fieldInternalIP
	fieldIP
	fieldKind
	fieldLabels
	fieldMessage
	fieldName
	fieldNamespace
	fieldNewFileOID
	fieldNodeName
	fieldNodePort
	fieldNumCloneErrors
	fieldNumRRecvBytes
	fieldNumRRecvOps
	fieldNumThreadsCloned
	fieldNumThreadsExited
	fieldNumWSendBytes
	fieldNumWSendOps
	fieldOID
	fieldOpenFlags
	fieldOpFlags
	fieldPath
	fieldPodID
	fieldPOID
	fieldPort
	fieldPortList
	fieldPrivileged
	fieldProcOID
	fieldProto
	fieldRestartCount
	fieldResType
	fieldRet
	fieldSelectors
	fieldServices
	fieldSIP
	fieldSPort
	fieldState
	fieldTargetPort
	fieldTID
	fieldTS
	fieldTTY
	fieldType
	fieldUID
	fieldUserName
	fieldVersion
	// Since version 6.
	fieldDetails
	fieldDIP6
	fieldImageDigest
	fieldMounts
	fieldOpFlags2
	fieldOrigin
	fieldRuntime
	fieldSIP6
	// Of a mount.
	fieldDestination
	fieldMode
	fieldPropagation
	fieldRW
	fieldSource
	// Of the details of a process.
	fieldArgv0
	fieldCapEffective
	fieldCapInheritable
	fieldCapPermitted
	fieldCgroupNS
	fieldComm
	fieldExeCTime
	fieldExeFlags
	fieldExeIno
	fieldExeMTime
	fieldIPCNS
	fieldLoginUID
	fieldLoginUser
	fieldMntNS
	fieldNetNS
	fieldPGID
	fieldPIDNS
	fieldRealGID
	fieldRealUID
	fieldSavedGID
	fieldSavedUID
	fieldSID
	fieldUserNS
	fieldUTSNS
	fieldVPGID
	fieldVPID
	fieldVSID
)

// valueType is what the Go field can take.
type valueType uint8

const (
	typeLong valueType = iota // long or int
	typeInt                   // int, or long that fits
	typeBool
	typeString // string or bytes
	typeOID
	typeFOID
	typeState
	typeContainerType
	typeK8sAction
	typeK8sComponent
	typeStrings
	typeLongs
	typeStringMap
	typeServices
	typeService
	typePorts
	typePort
	typeIPv6
	typeMounts
	typeMount
	typeDetails
)

// target describes one field of a Go record.
type target struct {
	name string
	dst  field
	typ  valueType
	// optional marks fields that some version of the schema lacks.
	optional bool
}

// layout returns what to look for in the record of a full name; ok is false for
// names that are none of SysFlow's.
func layout(fullName string) (kind sysflow.Kind, targets []target, ok bool) {
	switch fullName {
	case "sysflow.entity.SFHeader":
		return sysflow.KindHeader, headerLayout, true
	case "sysflow.entity.Container":
		return sysflow.KindContainer, containerLayout, true
	case "sysflow.entity.Process":
		return sysflow.KindProcess, processLayout, true
	case "sysflow.entity.File":
		return sysflow.KindFile, fileLayout, true
	case "sysflow.event.ProcessEvent":
		return sysflow.KindProcessEvent, processEventLayout, true
	case "sysflow.flow.NetworkFlow":
		return sysflow.KindNetworkFlow, networkFlowLayout, true
	case "sysflow.flow.FileFlow":
		return sysflow.KindFileFlow, fileFlowLayout, true
	case "sysflow.event.FileEvent":
		return sysflow.KindFileEvent, fileEventLayout, true
	case "sysflow.event.NetworkEvent":
		return sysflow.KindNetworkEvent, networkEventLayout, true
	case "sysflow.flow.ProcessFlow":
		return sysflow.KindProcessFlow, processFlowLayout, true
	case "sysflow.entity.Pod":
		return sysflow.KindPod, podLayout, true
	case "sysflow.event.K8sEvent":
		return sysflow.KindK8sEvent, k8sEventLayout, true
	}
	return 0, nil, false
}

var (
	headerLayout = []target{
		{"version", fieldVersion, typeLong, false},
		{"exporter", fieldExporter, typeString, false},
		{"ip", fieldIP, typeString, true},
		{"filename", fieldFilename, typeString, true},
	}
	containerLayout = []target{
		{"id", fieldID, typeString, false},
		{"name", fieldName, typeString, false},
		{"image", fieldImage, typeString, false},
		{"imageid", fieldImageID, typeString, false},
		{"type", fieldType, typeContainerType, false},
		{"privileged", fieldPrivileged, typeBool, false},
		{"podId", fieldPodID, typeString, true},
		{"runtime", fieldRuntime, typeString, true},
		{"imageDigest", fieldImageDigest, typeString, true},
		{"labels", fieldLabels, typeStringMap, true},
		{"mounts", fieldMounts, typeMounts, true},
	}
	processLayout = []target{
		{"state", fieldState, typeState, false},
		{"oid", fieldOID, typeOID, false},
		{"poid", fieldPOID, typeOID, false},
		{"ts", fieldTS, typeLong, false},
		{"exe", fieldExe, typeString, false},
		{"exeArgs", fieldExeArgs, typeString, false},
		{"uid", fieldUID, typeInt, false},
		{"userName", fieldUserName, typeString, false},
		{"gid", fieldGID, typeInt, false},
		{"groupName", fieldGroupName, typeString, false},
		{"tty", fieldTTY, typeBool, false},
		{"containerId", fieldContainerID, typeString, false},
		{"entry", fieldEntry, typeBool, true},
		{"cwd", fieldCWD, typeString, true},
		{"env", fieldEnv, typeStrings, true},
		{"details", fieldDetails, typeDetails, true},
	}
	fileLayout = []target{
		{"state", fieldState, typeState, false},
		{"oid", fieldOID, typeFOID, false},
		{"ts", fieldTS, typeLong, false},
		{"restype", fieldResType, typeInt, false},
		{"path", fieldPath, typeString, false},
		{"containerId", fieldContainerID, typeString, false},
	}
	podLayout = []target{
		{"ts", fieldTS, typeLong, false},
		{"id", fieldID, typeString, false},
		{"name", fieldName, typeString, false},
		{"nodeName", fieldNodeName, typeString, false},
		{"hostIP", fieldHostIP, typeLongs, false},
		{"internalIP", fieldInternalIP, typeLongs, false},
		{"namespace", fieldNamespace, typeString, false},
		{"restartCount", fieldRestartCount, typeLong, false},
		{"labels", fieldLabels, typeStringMap, false},
		{"selectors", fieldSelectors, typeStringMap, false},
		{"services", fieldServices, typeServices, false},
	}
	serviceLayout = []target{
		{"name", fieldName, typeString, false},
		{"id", fieldID, typeString, false},
		{"namespace", fieldNamespace, typeString, false},
		{"portList", fieldPortList, typePorts, false},
		{"clusterIP", fieldClusterIP, typeLongs, false},
	}
	portLayout = []target{
		{"port", fieldPort, typeInt, false},
		{"targetPort", fieldTargetPort, typeInt, false},
		{"nodePort", fieldNodePort, typeInt, false},
		{"proto", fieldProto, typeString, false},
	}
	oidLayout = []target{
		{"createTS", fieldCreateTS, typeLong, false},
		{"hpid", fieldHPID, typeLong, false},
	}
)

var (
	processEventLayout = []target{
		{"procOID", fieldProcOID, typeOID, false},
		{"ts", fieldTS, typeLong, false},
		{"tid", fieldTID, typeLong, false},
		{"opFlags", fieldOpFlags, typeInt, false},
		{"args", fieldArgs, typeStrings, false},
		{"ret", fieldRet, typeInt, false},
		{"opFlags2", fieldOpFlags2, typeInt, true},
	}
	networkFlowLayout = []target{
		{"procOID", fieldProcOID, typeOID, false},
		{"ts", fieldTS, typeLong, false},
		{"tid", fieldTID, typeLong, false},
		{"opFlags", fieldOpFlags, typeInt, false},
		{"endTs", fieldEndTS, typeLong, false},
		{"sip", fieldSIP, typeInt, false},
		{"sport", fieldSPort, typeInt, false},
		{"dip", fieldDIP, typeInt, false},
		{"dport", fieldDPort, typeInt, false},
		{"proto", fieldProto, typeInt, false},
		{"fd", fieldFD, typeInt, true},
		{"numRRecvOps", fieldNumRRecvOps, typeLong, false},
		{"numWSendOps", fieldNumWSendOps, typeLong, false},
		{"numRRecvBytes", fieldNumRRecvBytes, typeLong, false},
		{"numWSendBytes", fieldNumWSendBytes, typeLong, false},
		{"opFlags2", fieldOpFlags2, typeInt, true},
		{"origin", fieldOrigin, typeInt, true},
		{"sip6", fieldSIP6, typeIPv6, true},
		{"dip6", fieldDIP6, typeIPv6, true},
	}
	fileFlowLayout = []target{
		{"procOID", fieldProcOID, typeOID, false},
		{"ts", fieldTS, typeLong, false},
		{"tid", fieldTID, typeLong, false},
		{"opFlags", fieldOpFlags, typeInt, false},
		{"openFlags", fieldOpenFlags, typeInt, false},
		{"endTs", fieldEndTS, typeLong, false},
		{"fileOID", fieldFileOID, typeFOID, false},
		{"fd", fieldFD, typeInt, true},
		{"numRRecvOps", fieldNumRRecvOps, typeLong, false},
		{"numWSendOps", fieldNumWSendOps, typeLong, false},
		{"numRRecvBytes", fieldNumRRecvBytes, typeLong, false},
		{"numWSendBytes", fieldNumWSendBytes, typeLong, false},
		{"opFlags2", fieldOpFlags2, typeInt, true},
		{"origin", fieldOrigin, typeInt, true},
	}
	fileEventLayout = []target{
		{"procOID", fieldProcOID, typeOID, false},
		{"ts", fieldTS, typeLong, false},
		{"tid", fieldTID, typeLong, false},
		{"opFlags", fieldOpFlags, typeInt, false},
		{"fileOID", fieldFileOID, typeFOID, false},
		{"ret", fieldRet, typeInt, false},
		{"newFileOID", fieldNewFileOID, typeFOID, false},
		{"opFlags2", fieldOpFlags2, typeInt, true},
		{"origin", fieldOrigin, typeInt, true},
		{"args", fieldArgs, typeStrings, true},
	}
	networkEventLayout = []target{
		{"procOID", fieldProcOID, typeOID, false},
		{"ts", fieldTS, typeLong, false},
		{"tid", fieldTID, typeLong, false},
		{"opFlags", fieldOpFlags, typeInt, false},
		{"sip", fieldSIP, typeInt, false},
		{"sport", fieldSPort, typeInt, false},
		{"dip", fieldDIP, typeInt, false},
		{"dport", fieldDPort, typeInt, false},
		{"proto", fieldProto, typeInt, false},
		{"ret", fieldRet, typeInt, false},
		{"opFlags2", fieldOpFlags2, typeInt, true},
		{"origin", fieldOrigin, typeInt, true},
		{"args", fieldArgs, typeStrings, true},
		{"sip6", fieldSIP6, typeIPv6, true},
		{"dip6", fieldDIP6, typeIPv6, true},
		{"fd", fieldFD, typeInt, true},
	}
	processFlowLayout = []target{
		{"procOID", fieldProcOID, typeOID, false},
		{"ts", fieldTS, typeLong, false},
		{"numThreadsCloned", fieldNumThreadsCloned, typeLong, false},
		{"opFlags", fieldOpFlags, typeInt, false},
		{"endTs", fieldEndTS, typeLong, false},
		{"numThreadsExited", fieldNumThreadsExited, typeLong, false},
		{"numCloneErrors", fieldNumCloneErrors, typeLong, false},
		{"opFlags2", fieldOpFlags2, typeInt, true},
	}
	k8sEventLayout = []target{
		{"kind", fieldKind, typeK8sComponent, false},
		{"action", fieldAction, typeK8sAction, false},
		{"ts", fieldTS, typeLong, false},
		{"message", fieldMessage, typeString, false},
	}
)
