using System.Reflection;
using HvBindgen.Kvm.Abi;
using HvBindgen.Mshv.Abi;
using Xunit;

namespace HvBindgen.Layout.Tests;

/// <summary>Both bindings in one file, without a word in front of any name.</summary>
public sealed class BothSetsTests
{
    [Fact]
    public void No_public_type_of_the_two_bindings_has_the_name_of_another()
    {
        (string Name, Assembly Assembly)[] names =
        [
            .. ((Assembly[])[typeof(Fd).Assembly, typeof(AbiLayout).Assembly, typeof(KvmAbiLayout).Assembly])
                .SelectMany(assembly => assembly.GetExportedTypes()).Where(type => !type.IsNested)
                .Select(type => (type.Name, type.Assembly)).Distinct(),
        ];

        Assert.Empty(names.GroupBy(type => type.Name).Where(same => same.Count() > 1).Select(same => same.Key));
        Assert.True(names.Length > 400);
    }

    [Fact]
    public void One_file_uses_arrays_requests_and_layout_checks_of_both()
    {
        Array4<byte> both = default;
        Fd nothing = new(-1);

        Assert.Empty(AbiLayout.FindMismatches(out int mshv));
        Assert.Empty(KvmAbiLayout.FindMismatches(out int kvm));
        Assert.True(mshv > 1000 && kvm > 500);
        Assert.Equal(9, DeviceIoctls.MSHV_CREATE_PARTITION(nothing, default(mshv_create_partition)).Errno);
        Assert.Equal(9, KvmSystemIoctls.KVM_GET_API_VERSION(nothing).Errno);
        Assert.Equal(0, both[3]);
    }
}
