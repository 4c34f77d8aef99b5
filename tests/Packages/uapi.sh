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
expected="statx: True, O_DIRECT: True, input_event: 24 bytes, not an input device: errno 25, internal: True, vfio 0"
cd "$away/uapi"
check "names of the kernel's headers become types" dotnet build -c Release -v quiet -nologo -p:HvBindgenVersion="$version"
check "the running kernel takes them" says "$expected" ./bin/Release/net10.0/uapi
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
cd "$away"
