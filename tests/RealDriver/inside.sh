#!/bin/sh
# The first process of the kernel that build.sh made: sets up what a program expects, runs it, and switches off.
# The folder SHARED is the host's, and is given as /dev/shm/host; the command stands in a file there, and its output goes there.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir /dev/shm
mount -t tmpfs tmpfs /dev/shm
mkdir /dev/shm/host
mount -t hostfs -o "$SHARED" hostfs /dev/shm/host
export TMPDIR=/dev/shm HOME=/dev/shm PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export DOTNET_GCHeapHardLimit=0x6000000 DOTNET_EnableDiagnostics=0
cd /dev/shm
sh host/command >host/output 2>&1 </dev/null
echo $? >host/status
echo o >/proc/sysrq-trigger
sleep 60
