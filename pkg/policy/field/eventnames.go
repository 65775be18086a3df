package field

// otherEvents are the names that Falco accepts in evt.type and that no SysFlow record stands
// for: system calls of Linux (arch/x86/entry/syscalls/syscall_64.tbl, and those of 32 bits) and
// the events that Falco makes itself or calls otherwise (libs, driver/event_table.c; sysdigevent
// is what old versions called scapevent).
const otherEvents = `
	_llseek _newselect _sysctl access acct add_key adjtimex afs_syscall alarm arch_prctl arch_specific_syscall
	asyncevent bdflush brk cachestat capget chdir chown32 clock_adjtime clock_getres clock_gettime clock_nanosleep
	clock_settime container container_removed copy_file_range cpu_hotplug create_module delete_module drop
	epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd
	eventfd2 faccessat faccessat2 fadvise64 fadvise64_64 fallocate fanotify_init fanotify_mark fchdir fchown32 fcntl
	fcntl64 fdatasync fgetxattr flistxattr flock fremovexattr fsconfig fsmount fsopen fspick fstat fstat64 fstatat64
	fstatfs fstatfs64 fsync ftruncate64 futex futex_requeue futex_wait futex_waitv futex_wake futimesat
	get_kernel_syms get_mempolicy get_robust_list get_thread_area getcpu getcwd getdents getdents64 getegid
	getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getitimer getpeername getpgid getpgrp getpid
	getpmsg getppid getpriority getrandom getresgid getresgid32 getresuid getresuid32 getrlimit getrusage getsid
	getsockname getsockopt gettid gettimeofday getuid getuid32 getxattr getxattrat groupadded groupdeleted idle
	infra inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy io_getevents
	io_pgetevents io_setup io_submit io_uring_enter io_uring_register io_uring_setup ioctl ioperm iopl ioprio_get
	ioprio_set ipc k8s kcmp kexec_file_load kexec_load keyctl landlock_add_rule landlock_create_ruleset
	landlock_restrict_self lchown32 lgetxattr listmount listxattr listxattrat llistxattr llseek lookup_dcookie
	lremovexattr lseek lsm_get_self_attr lsm_list_modules lsm_set_self_attr lstat lstat64 madvise map_shadow_stack
	mbind membarrier memfd_secret mesos migrate_pages mincore mlock mlock2 mlockall modify_ldt mount_setattr
	move_pages mprotect mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink mremap mseal msgctl
	msgget msgrcv msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep newfstatat nfsservctl nice
	notification oldfstat oldlstat oldstat oldumount olduname open_tree open_tree_attr page_fault pause
	perf_event_open pidfd_getfd pidfd_open pipe pipe2 pkey_alloc pkey_free pkey_mprotect pluginevent poll ppoll
	prlimit prlimit64 process_madvise process_mrelease process_vm_readv process_vm_writev procinfo pselect6 putpmsg
	query_module quotactl quotactl_fd readahead readdir readlink readlinkat reboot remap_file_pages removexattr
	removexattrat request_key restart_syscall riscv_flush_icache rseq rt_sigaction rt_sigpending rt_sigprocmask
	rt_sigreturn rt_sigsuspend rt_sigtimedwait s390_guarded_storage s390_pci_mmio_read s390_pci_mmio_write
	s390_runtime_instr s390_sthyi sched_get_priority_max sched_get_priority_min sched_getaffinity scapevent
	sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr
	sched_setparam sched_setscheduler sched_yield seccomp security select semctl semget semop semtimedop sendfile
	sendfile64 set_mempolicy set_mempolicy_home_node set_robust_list set_thread_area set_tid_address setdomainname
	setfsgid setfsgid32 setfsuid setfsuid32 setgid32 setgroups setgroups32 sethostname setitimer setpgid setpriority
	setregid32 setresgid32 setresuid32 setreuid32 setrlimit setsid setsockopt settimeofday setuid32 sgetmask shmat
	shmctl shmdt shmget sigaction sigaltstack signal signaldeliver signalfd signalfd4 sigpending sigprocmask
	sigreturn sigsuspend socketcall socketpair splice ssetmask stat stat64 statfs statfs64 statmount statx stime
	swapoff swapon switch sync sync_file_range syncfs syscall sysdigevent sysfs sysinfo syslog tee time timer_create
	timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times
	tracer truncate64 tuxcall ugetrlimit umask uname uretprobe uselib useradded userdeleted ustat utime utimensat
	utimes vhangup vm86 vm86old vmsplice vserver wait4 waitid waitpid
`
