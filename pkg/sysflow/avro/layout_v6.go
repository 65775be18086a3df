package avro

// Records that only version 6 has.
var (
	mountLayout = []target{
		{"source", fieldSource, typeString, false},
		{"destination", fieldDestination, typeString, false},
		{"mode", fieldMode, typeString, true},
		{"rw", fieldRW, typeBool, true},
		{"propagation", fieldPropagation, typeString, true},
	}
	detailsLayout = []target{
		{"comm", fieldComm, typeString, true},
		{"argv0", fieldArgv0, typeString, true},
		{"exeFlags", fieldExeFlags, typeInt, true},
		{"exeIno", fieldExeIno, typeLong, true},
		{"exeCtime", fieldExeCTime, typeLong, true},
		{"exeMtime", fieldExeMTime, typeLong, true},
		{"capPermitted", fieldCapPermitted, typeLong, true},
		{"capEffective", fieldCapEffective, typeLong, true},
		{"capInheritable", fieldCapInheritable, typeLong, true},
		{"realUid", fieldRealUID, typeInt, true},
		{"savedUid", fieldSavedUID, typeInt, true},
		{"realGid", fieldRealGID, typeInt, true},
		{"savedGid", fieldSavedGID, typeInt, true},
		{"loginUid", fieldLoginUID, typeInt, true},
		{"loginUser", fieldLoginUser, typeString, true},
		{"sid", fieldSID, typeInt, true},
		{"pgid", fieldPGID, typeInt, true},
		{"vpid", fieldVPID, typeInt, true},
		{"vsid", fieldVSID, typeInt, true},
		{"vpgid", fieldVPGID, typeInt, true},
		{"cgroupNs", fieldCgroupNS, typeLong, true},
		{"ipcNs", fieldIPCNS, typeLong, true},
		{"mntNs", fieldMntNS, typeLong, true},
		{"netNs", fieldNetNS, typeLong, true},
		{"pidNs", fieldPIDNS, typeLong, true},
		{"userNs", fieldUserNS, typeLong, true},
		{"utsNs", fieldUTSNS, typeLong, true},
	}
)
