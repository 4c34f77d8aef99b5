# The runtime packages: a virtual machine monitor outside the repository, built, run, compiled ahead of time, run again.
# Sourced by consume.sh.

mkdir "$away/guest"
cp "$here/guest/guest.csproj" "$here/../../samples/HelloGuest/"*.cs "$away/guest/"
cat >"$away/guest/nuget.config" <<X
<configuration>
  <packageSources>
    <add key="packages of the repository" value="$packages" />
  </packageSources>
</configuration>
X
cd "$away/guest"
check "a monitor restores and builds from the packages" dotnet build -c Release -v quiet -nologo -p:HvBindgenVersion="$version"
case "$(uname -m)" in
    x86_64) rid=linux-x64 ;;
    *) rid=linux-arm64 ;;
esac
check "it is compiled ahead of time without a warning" \
    dotnet publish -c Release -r "$rid" -v quiet -nologo -warnaserror -p:HvBindgenVersion="$version" -p:PublishAot=true -p:CppCompilerAndLinker=gcc -o "$away/guest/native"
if [ "$rid" != linux-x64 ]; then
    skip "a guest runs on the emulator" "the sample's guest is x86_64"
elif [ -r /dev/kvm ] && [ -w /dev/kvm ]; then
    check "a guest runs on the emulator" says "Hello, guest" dotnet bin/Release/net10.0/guest.dll
    check "a guest runs from the native executable" says "Hello, guest" "$away/guest/native/guest"
else
    skip "a guest runs on the emulator" "/dev/kvm cannot be opened here"
fi

# The same with a server for gdb.
# gdb_changes FILE: whether gdb, connected by the socket FILE, makes the guest print something else.
gdb_changes() {
    local pid
    timeout 60 dotnet bin/Release/net10.0/debugged.dll "$1" >"$1.out" 2>&1 &
    pid=$!
    for _ in $(seq 300); do
        [ ! -e "$1" ] || break
        sleep 0.1
    done
    timeout 60 gdb -nx -batch -ex "target remote $1" -ex 'set architecture i8086' -ex 'hbreak *0x100b' -ex continue \
        -ex "set \$al = 'J'" -ex delete -ex continue
    wait "$pid" || { cat "$1.out"; return 1; }
    cat "$1.out"
    grep -q 'Jello, gdb' "$1.out"
}

mkdir "$away/debugged"
cp "$here/debugged/debugged.csproj" "$here/../../samples/DebuggedGuest/"*.cs "$away/guest/nuget.config" "$away/debugged/"
cd "$away/debugged"
check "a monitor with a server for gdb builds from the packages" \
    dotnet build -c Release -v quiet -nologo -p:HvBindgenVersion="$version"
if [ "$rid" != linux-x64 ]; then
    skip "gdb debugs its guest" "the sample's guest is x86_64"
elif [ ! -r /dev/kvm ] || [ ! -w /dev/kvm ]; then
    skip "gdb debugs its guest" "/dev/kvm cannot be opened here"
else
    need gdb gdb
    check "gdb debugs its guest" gdb_changes "$away/debugged/gdb"
fi
cd "$away"

# Beside the packages lies what other languages take.
if [ "$rid" = linux-x64 ]; then
    tar -xf "$packages/mshv-run-linux-x64.tar.gz"
    if [ -r /dev/kvm ] && [ -w /dev/kvm ]; then
        check "mshv-run gives a shell's children a device" mshv-run/mshv-run sh -c 'test -c /dev/mshv && exec 3<>/dev/mshv'
    else
        skip "mshv-run gives a shell's children a device" "/dev/kvm cannot be opened here"
    fi
fi
