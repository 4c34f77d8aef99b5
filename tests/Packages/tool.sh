# The tool: installed, tried on headers that are not the project's own, and on a break of one of them. Sourced by consume.sh.

mkdir -p "$away/vfio/include/linux"
cd "$away/vfio"
hvbindgen=$away/tools/hvbindgen

check "the tool installs" dotnet tool install HvBindgen.Tool --version "$version" --tool-path "$away/tools" --source "$packages"
check "it tells its version" says "$version" "$hvbindgen" --version
check "the installed one is native" test -z "$(find "$away/tools" -name 'hvbindgen.dll' -print -quit)"
# In an empty folder, from what the tool carries.
mkdir "$away/empty" && cd "$away/empty"
check "decode explains a number without a configuration" says "MSHV_ROOT_HVCALL" "$hvbindgen" decode 0xc020b807
check "it says what it was asked of" says "built in: mshv and kvm of Linux" "$hvbindgen" decode 0xc020b807
check "show draws a record of each set" says "struct kvm_regs" "$hvbindgen" show kvm_regs
check "show tells targets apart" says "arm64" "$hvbindgen" show mshv_create_partition_v2
check "ioctls lists requests" says "KVM_RUN" "$hvbindgen" ioctls --set kvm
check "explain tells what a rule means" says "HV1004" "$hvbindgen" explain HV1004
printf '%s' "01 00 00 80 50 00 00 00 00 00 00 00 00 00 00 00 $(printf '00 %.0s' {1..240})" >message
check "decode explains a message" says "HVMSG_GPA_INTERCEPT" "$hvbindgen" decode --message message
check "nothing was written" test "$(ls)" = message
cd "$away/vfio"

check "init starts a configuration for other headers" \
    "$hvbindgen" init --header linux/vfio.h --header linux/random.h --namespace Uapi
check "doctor finds all it needs" says libclang "$hvbindgen" doctor
check "generate writes bindings and a snapshot" "$hvbindgen" generate
check "generate --check agrees with what was written" "$hvbindgen" generate --check
check "a configuration in the folder goes before what is built in" exits 10 "$hvbindgen" show kvm_regs
check "gcc agrees with every fact" "$hvbindgen" verify

cp "$here"/vfio/* .
check "the bindings compile in an empty project" dotnet build vfio.csproj -c Release -v quiet -nologo
check "a harmless request is answered by the running kernel" says "entropy count:" dotnet bin/Release/net10.0/vfio.dll random
if [ -r /dev/vfio/vfio ]; then
    check "vfio answers its version" says "vfio API version: 0" dotnet bin/Release/net10.0/vfio.dll vfio
else
    skip "vfio answers its version" "/dev/vfio/vfio cannot be opened here"
fi

# A header of one's own, changed twice: once so that old programs go on, once so that they break.
mkdir -p "$away/own/include" && cd "$away/own"
cat >include/own.h <<'H'
#include <linux/types.h>
#include <linux/ioctl.h>
struct own_info { __u32 version; __u32 reserved; };
#define OWN_GET_INFO _IOR('o', 1, struct own_info)
H
check "init takes folders of headers" "$hvbindgen" init --header own.h --namespace Own --include include --include /usr/include --include "/usr/include/{multiarch}"
check "generate" "$hvbindgen" generate
cp -r abi before
sed -i 's/__u32 reserved; }/__u32 reserved; __u64 features; }/' include/own.h
check "generate --check notices the change" exits 1 "$hvbindgen" generate --check
check "generate takes it" "$hvbindgen" generate
check "diff calls a grown argument conditional" exits 1 "$hvbindgen" diff before abi
sed -i 's/__u32 version; __u32 reserved;/__u32 reserved; __u32 version;/' include/own.h
check "generate takes the next one too" "$hvbindgen" generate
check "diff calls moved members a break" exits 4 "$hvbindgen" diff before abi
check "diff of equal sides succeeds" "$hvbindgen" diff abi abi
cd "$away"
