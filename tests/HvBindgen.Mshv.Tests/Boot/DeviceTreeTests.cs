using HvBindgen.Mshv.Boot;
using Xunit;

namespace HvBindgen.Mshv.Tests.Boot;

/// <summary>Device trees as their compiler reads them.</summary>
public sealed class DeviceTreeTests
{
    [Fact]
    public void The_compiler_of_device_trees_reads_back_what_was_written()
    {
        DeviceTree tree = new();
        tree.Reserve(0x4800_0000, 0x1000);
        _ = tree.Root.SetText("compatible", "a,b", "c").SetCells("#address-cells", 2).SetCells("#size-cells", 0);
        DeviceTreeNode bus = tree.Root.Add("bus@100000002").SetBytes("dma-coherent").SetAddresses("reg", 0x1_0000_0002)
            .SetBytes("odd", 1, 2, 3);
        _ = bus.Add("empty");

        string source = Compile(tree.ToArray(bootProcessor: 7));

        Assert.Contains("/memreserve/\t0x0000000048000000 0x0000000000001000;", source, StringComparison.Ordinal);
        Assert.Contains("compatible = \"a,b\", \"c\";", source, StringComparison.Ordinal);
        Assert.Contains("#address-cells = <0x02>;", source, StringComparison.Ordinal);
        Assert.Contains("bus@100000002 {", source, StringComparison.Ordinal);
        Assert.Contains("dma-coherent;", source, StringComparison.Ordinal);
        Assert.Contains("reg = <0x01 0x02>;", source, StringComparison.Ordinal);
        Assert.Contains("odd = [01 02 03];", source, StringComparison.Ordinal);
        Assert.Contains("empty {", source, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tree_of_a_machine_names_all_that_the_guest_needs_and_the_compiler_warns_of_nothing()
    {
        Arm64Platform platform = new(4, 0x4000_0000, 0x4000_0000, 0x800_0000, 0x80a_0000)
        {
            MsiFrame = new GicV2mFrame(0x802_0000, 64, 128),
            PerformanceMonitorPpi = 23,
            Psci = PsciConduit.Smc,
        };
        Arm64Placement placement = new(0x4000_0000, 0x100_0000, 0x5000_0000, 0x1234, 0x7fe0_0000);

        string source = Compile(platform.CreateDeviceTree("console=ttyAMA0", placement).ToArray());

        Assert.Contains("bootargs = \"console=ttyAMA0\";", source, StringComparison.Ordinal);
        Assert.Contains("linux,initrd-start = <0x00 0x50000000>;", source, StringComparison.Ordinal);
        Assert.Contains("linux,initrd-end = <0x00 0x50001234>;", source, StringComparison.Ordinal);
        Assert.Contains("reg = <0x00 0x40000000 0x00 0x40000000>;", source, StringComparison.Ordinal);
        Assert.Contains("cpu@3 {", source, StringComparison.Ordinal);
        Assert.Contains("method = \"smc\";", source, StringComparison.Ordinal);
        Assert.Contains("compatible = \"arm,gic-v3\";", source, StringComparison.Ordinal);
        Assert.Contains("reg = <0x00 0x8000000 0x00 0x10000 0x00 0x80a0000 0x00 0x80000>;", source, StringComparison.Ordinal);
        Assert.Contains("compatible = \"arm,gic-v2m-frame\";", source, StringComparison.Ordinal);
        Assert.Contains("arm,msi-base-spi = <0x40>;", source, StringComparison.Ordinal);
        Assert.Contains("arm,msi-num-spis = <0x80>;", source, StringComparison.Ordinal);

        // Secure, physical, virtual and the hypervisor's timer, in the order of the binding, counted from the first private interrupt.
        Assert.Contains(
            "interrupts = <0x01 0x0d 0x04 0x01 0x0e 0x04 0x01 0x0b 0x04 0x01 0x0a 0x04>;", source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("memory@")]
    [InlineData("a/b")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456")]
    public void What_is_no_name_of_a_node_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new DeviceTree().Root.Add(name));

    [Fact]
    public void Names_are_given_once_and_texts_are_ASCII()
    {
        DeviceTreeNode root = new DeviceTree().Root;
        _ = root.Add("a@1");
        _ = root.Add("a@2");
        Assert.Throws<ArgumentException>(() => root.Add("a@1"));
        _ = root.SetCells("x", 1);
        Assert.Throws<ArgumentException>(() => root.SetCells("x", 2));
        Assert.Throws<ArgumentException>(() => root.SetCells("x y", 2));
        Assert.Throws<ArgumentException>(() => root.SetText("y", "ä"));
        Assert.Throws<ArgumentException>(() => root.SetText("y", "a\0b"));
    }

    private static string Compile(byte[] tree)
    {
        Requirement.Program("dtc", "device-tree-compiler");
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["tree"], tree);
        Ending ending = ChildProgram.Run("dtc", "-I", "dtb", "-O", "dts", folder["tree"]);
        Assert.Equal(0, ending.ExitCode);
        Assert.Equal("", ending.Error);

        // Older ones write the zero between two texts.
        return ending.Out.Replace("\\0", "\", \"", StringComparison.Ordinal);
    }
}
