# The source generator: a project outside the repository that has a list of names and the package, and nothing else.
# Sourced by consume.sh.

mkdir "$away/uapi" "$away/ring"
cp "$here/uapi/"* "$away/uapi/"
cp "$here/../../samples/IoUringCat/"{Program.cs,Ring.cs,uapi.txt} "$away/ring/"
sed 's|<RootNamespace>.*</RootNamespace>|<RootNamespace>IoUringCat</RootNamespace>|' "$here/uapi/uapi.csproj" >"$away/ring/ring.csproj"
for folder in uapi ring; do
    cat >"$away/$folder/nuget.config" <<X
<configuration>
  <packageSources>
    <add key="packages of the repository" value="$packages" />
  </packageSources>
</configuration>
X
done
case "$(uname -m)" in
    x86_64) rid=linux-x64 ;;
    *) rid=linux-arm64 ;;
esac
expected="statx: True, O_DIRECT: True, input_event: 24 bytes, not an input device: errno 25, internal: True, vfio 0, gpio: 592 bytes"
cd "$away/uapi"
check "names of the kernel's headers become types" dotnet build -c Release -v quiet -nologo -p:HvBindgenVersion="$version"
check "the running kernel takes them" says "$expected" ./bin/Release/net10.0/uapi
check "they compile for .NET 8" dotnet build -c Release -v quiet -nologo -p:HvBindgenVersion="$version" -p:Framework=net8.0
check "and that program says the same" says "$expected" env DOTNET_ROLL_FORWARD=Major ./bin/Release/net8.0/uapi
check "they are trimmed without a warning" \
    dotnet publish -c Release -r "$rid" -v quiet -nologo -warnaserror -p:HvBindgenVersion="$version" -p:PublishTrimmed=true -o "$away/uapi/trimmed"
check "the trimmed program says the same" says "$expected" "$away/uapi/trimmed/uapi"
check "they are compiled ahead of time without a warning" \
    dotnet publish -c Release -r "$rid" -v quiet -nologo -warnaserror -p:HvBindgenVersion="$version" -p:PublishAot=true -p:CppCompilerAndLinker=gcc -o "$away/uapi/native"
check "the native program says the same" says "$expected" "$away/uapi/native/uapi"
echo NO_SUCH_NAME >>uapi.txt
# The list is read again though no source changed, and the warning stands at the line.
check "a name that no header has is told at its line" \
    says "uapi.txt(10,1): warning HVU001" dotnet build -c Release -nologo -p:HvBindgenVersion="$version" -p:TreatWarningsAsErrors=false

cd "$away/ring"
check "the sample of io_uring builds from the package" dotnet build -c Release -v quiet -nologo -p:HvBindgenVersion="$version"
if ring=$(./bin/Release/net10.0/ring "$here/../../LICENSE" 2>&1); then
    check "a file comes through a ring of the running kernel" test "$ring" = "$(cat "$here/../../LICENSE")"
else
    skip "a file comes through a ring of the running kernel" "$ring"
fi

# A library whose own types stay inside, and a program that asks it; the library is for kernels from 6.1 on.
mkdir "$away/library" "$away/program"
for folder in library program; do
    cp "$away/uapi/nuget.config" "$away/$folder"
done
cat >"$away/library/library.csproj" <<X
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <UapiMinimumKernel>6.1</UapiMinimumKernel>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="HvBindgen.Uapi" Version="$version" PrivateAssets="all" />
    <PackageReference Include="Microsoft.Net.Compilers.Toolset" Version="\$(Compilers)" Condition="'\$(Compilers)' != ''" PrivateAssets="all" />
  </ItemGroup>
</Project>
X
echo "struct statx" >"$away/library/uapi.txt"
echo "public static unsafe class Sizes { public static int Statx => sizeof(library.Uapi.statx); }" >"$away/library/Sizes.cs"
cat >"$away/program/program.csproj" <<X
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
  </PropertyGroup>
  <ItemGroup>
    <ProjectReference Include="../library/library.csproj" />
  </ItemGroup>
</Project>
X
echo "System.Console.WriteLine(Sizes.Statx);" >"$away/program/Program.cs"
cd "$away/program"
check "a library with internal types and its program build" dotnet build -c Release -v quiet -nologo -warnaserror
check "the program has the library's answer" says 256 ./bin/Release/net10.0/program
echo "_ = default(library.Uapi.statx);" >>Program.cs
check "and cannot name the library's types" refused CS0122 dotnet build -c Release -v quiet -nologo
cd "$away/library"
# The oldest compiler that is to be had from a feed by itself, and a newer one than the SDK's. The SDK's own analyzers may want a newer one.
for compilers in 4.14.0 5.9.0; do
    check "Roslyn $compilers runs the generator" \
        dotnet build -c Release -v quiet -nologo -t:Rebuild -p:Compilers=$compilers -p:LangVersion=12.0 -p:EnableNETAnalyzers=false
done
echo "ABS_SND_PROFILE" >>uapi.txt
echo "public static class Newer { public static object Number => library.Uapi.Constants.ABS_SND_PROFILE; }" >Newer.cs
check "the platform analyzer tells what the oldest kernel lacks" refused CA1416 dotnet build -c Release -v quiet -nologo -warnaserror
cat >Newer.cs <<X
public static class Newer { public static object Number => System.OperatingSystem.IsOSPlatformVersionAtLeast("linux", 7, 2) ? library.Uapi.Constants.ABS_SND_PROFILE : 0; }
X
check "and nothing where the program asks before" dotnet build -c Release -v quiet -nologo -warnaserror
cd "$away"
