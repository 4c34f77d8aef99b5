# The targets that run the tool in a build: a project with headers of its own and one of the system's. Sourced by consume.sh.

mkdir -p "$away/build here/native" "$away/build here/inc"
cd "$away/build here"
cat >nuget.config <<X
<configuration>
  <packageSources>
    <add key="packages of the repository" value="$packages" />
  </packageSources>
</configuration>
X
cat >device.csproj <<X
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <LangVersion>12.0</LangVersion>
    <RootNamespace>Stranger</RootNamespace>
    <Nullable>enable</Nullable>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <UapiHeaderFolders>inc;\$(UapiHeaderFolders)</UapiHeaderFolders>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="HvBindgen.Build" Version="$version" PrivateAssets="all" />
    <UapiHeader Include="native/*.h" Namespace="Stranger.Device" />
    <UapiHeader Include="linux/gpio.h" />
  </ItemGroup>
</Project>
X
cat >native/device.h <<X
#include <limits of.h>
#include <linux/ioctl.h>
struct device_state { unsigned char mode[DEVICE_MODES]; };
#define DEVICE_GET _IOR(0xde, 1, struct device_state)
X
printf '#define DEVICE_MODES 5\n' >'inc/limits of.h'
cat >Program.cs <<X
using Stranger.Device;

unsafe { System.Console.WriteLine(\$"state: {sizeof(device_state)} bytes, gpio: {sizeof(Stranger.Uapi.gpiochip_info)}"); }
// No file has this request.
System.Console.WriteLine(FdIoctls.DEVICE_GET(new Fd(0), out _).IsSuccess);
X
device() { dotnet build -c Release -v quiet -nologo "$@"; }
made() { find obj -path '*uapi/*' -type f -printf '%p %T@\n' | sort; }
# An editor asks for what would be compiled, and runs no compiler.
editor() {
    dotnet msbuild device.csproj -nologo -p:Configuration=Release -t:Compile -p:DesignTimeBuild=true -p:BuildingInsideVisualStudio=true \
        -p:SkipCompilerExecution=true -p:ProvideCommandLineArgs=true -getItem:Compile
}
program=./bin/Release/net10.0/device
dotnet restore -v quiet -nologo
check "an editor's build works before there was any other" editor
check "headers become types in a build" device
check "the program has them" says "state: 5 bytes, gpio: 68" "$program"
check "libclang stays out of the output" test -z "$(find bin -name '*clang*')"
if [ "$(uname -m)" = x86_64 ]; then
    check "it runs the libclang that came with it" says "--libclang" env -u HVBINDGEN_LIBCLANG dotnet build -c Release -nologo -v detailed -t:Rebuild
    check "or the one in a folder that NuGet falls back to" says "--libclang \"$NUGET_PACKAGES" env -u HVBINDGEN_LIBCLANG \
        NUGET_PACKAGES="$away/empty" NUGET_FALLBACK_PACKAGES="$NUGET_PACKAGES" dotnet build -c Release -nologo -v detailed -t:Rebuild
fi
before=$(made)
check "a second build works" device
check "and does nothing" test "$before" = "$(made)"
printf '#define DEVICE_MODES 6\n' >'inc/limits of.h'
check "an editor's build has the code" says "native/device/Records.g.cs" editor
check "and leaves what is there" test "$before" = "$(made)"
device >/dev/null
check "a header that another includes changes the code" says "state: 6 bytes" "$program"
check "of the one namespace that has it" test "$(grep Stranger.Uapi/ <<<"$before")" = "$(made | grep Stranger.Uapi/)"
printf 'struct device_state {\n    no_such_type mode;\n};\n' >native/device.h
check "a fault in a header is an error at its line and column" refused "native/device.h(2,5): error" device
check "which stands until it is mended" refused "native/device.h(2,5): error" device
printf 'struct device_state { unsigned int mode; };\n' >native/device.h
check "it is gone when the header is mended, and the compiler tells what the code lacks" refused "FdIoctls" device
sed -i '/DEVICE_GET/d' Program.cs
check "the program follows" device
check "and has what the header says" says "state: 4 bytes" "$program"
printf '#define DEVICE_MOST 7\n' >native/more.h
echo 'System.Console.WriteLine(Constants.DEVICE_MOST);' >>Program.cs
check "a header more is code more" device
rm native/more.h
check "a header less is code less" refused Constants device
check "a header that no folder has is told by name" refused "linux/gpio.h" device -p:UapiHeaderFolders=inc
dotnet clean -c Release -v quiet -nologo >/dev/null
check "clean takes away what was made" test -z "$(find obj -path '*uapi/*')"
sed -i '/DEVICE_MOST/d' Program.cs
sed -i 's/net10.0/net8.0/' device.csproj
check "the code compiles for .NET 8" device
check "and that program says the same" says "state: 4 bytes, gpio: 68" env DOTNET_ROLL_FORWARD=Major ./bin/Release/net8.0/device
cd "$away"
