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
