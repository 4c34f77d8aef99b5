# Sets made from the configuration that "init" writes, nothing edited: two of one project, one of them internal; linux/input.h, which needs
# the compiler's headers; two machines. Compiled without a warning and run. Sourced by consume.sh.

mkdir -p "$away/input"
cp "$here"/input/* "$away/input/"
cd "$away/input"
[ -e /usr/aarch64-linux-gnu/include/asm/types.h ] || install_packages linux-libc-dev-arm64-cross libc6-dev-arm64-cross

check "init takes linux/input.h for two machines" "$hvbindgen" init --header linux/input.h --namespace Uapi --target x86_64 --target arm64
check "init adds an internal set for both" \
    "$hvbindgen" init --header linux/random.h --namespace Uapi.Random --internal --target x86_64 --target arm64
check "init adds a header to the first set" "$hvbindgen" init --name input --header linux/uinput.h
check "generate makes both sets" "$hvbindgen" generate
check "generate --check agrees with it" "$hvbindgen" generate --check
check "the C compilers agree with every fact" "$hvbindgen" verify --set input --target x86_64
check "the support code is there once" test "$(grep -rl DisableRuntimeMarshalling Generated | wc -l)" -eq 1
check "two sets compile in one project without a warning" dotnet build input.csproj -c Release -v quiet -nologo -warnaserror
check "a program uses both at once" says "entropy: True, not an input device: errno 22, internal: True" dotnet bin/Release/net10.0/input.dll
check "their layout is C's" says "event: 24 bytes, 0 of" dotnet bin/Release/net10.0/input.dll

# A file and a package: nothing else is needed for a first guest.
mkdir -p "$away/single"
cp "$here/../../samples/HelloGuest/Program.cs" "$away/single/hello.cs"
cat >"$away/single/nuget.config" <<N
<configuration>
  <packageSources>
    <add key="packages of the repository" value="$packages" />
  </packageSources>
</configuration>
N
cd "$away/single"
sed -i "1i #:package HvBindgen.Mshv.Emulator@$version" hello.cs
if [ "$(uname -m)" = x86_64 ] && [ -r /dev/kvm ] && [ -w /dev/kvm ]; then
    check "a single file is a monitor" says "Hello, guest" dotnet run hello.cs
else
    check "a single file is a monitor, as far as it compiles here" dotnet build hello.cs -v quiet -nologo
fi
cd "$away"

# Two libraries, each with bindings of its own, and a program that uses both.
mkdir -p "$away/libraries/gpio" "$away/libraries/keys" "$away/libraries/program"
cp "$away/single/nuget.config" "$away/libraries/"
cp "$here/libraries/library.csproj" "$away/libraries/gpio/gpio.csproj"
cp "$here/libraries/library.csproj" "$away/libraries/keys/keys.csproj"
cp "$here"/libraries/{program.csproj,Program.cs} "$away/libraries/program/"
library() {
    cd "$away/libraries/$1" || return 1
    "$hvbindgen" init --namespace "$2" --class-prefix "$2" --shared-types HvBindgen.Abi "${@:3}" && "$hvbindgen" generate
}
check "a library has bindings whose common types are a package's" library gpio Gpio --header linux/gpio.h
check "and another one" library keys Keys --header linux/input.h --header linux/keyctl.h
cd "$away/libraries/program"
check "a program with both compiles without a warning" \
    dotnet build -c Release -v quiet -nologo -warnaserror -p:HvBindgenVersion="$version"
check "it uses both in one file" says "errno 9 and 9, 0 of many facts differ, 32 3 0" dotnet bin/Release/net10.0/program.dll
cd "$away"
