using HvBindgen.Generator.Headers;
using Xunit;

namespace HvBindgen.Generator.Tests.Headers;

public sealed class DebianVersionTests
{
    [Theory]
    [InlineData("7.3.4-1~bpo13+1", "7.3.4-1")]
    [InlineData("7.2.13-1", "7.3.4-1~bpo13+1")]
    [InlineData("7.2.9-1", "7.2.13-1")]
    [InlineData("7.4~rc1-1", "7.4-1")]
    [InlineData("7.4-1", "7.4.0-1")]
    [InlineData("9.9-1", "1:1.0-1")]
    [InlineData("1.0-1", "1.0-1+b1")]
    [InlineData("1.0-1a", "1.0-1+")]
    [InlineData("1.0~~", "1.0~")]
    public void Older_versions_come_first(string older, string newer)
    {
        Assert.True(DebianVersion.Compare(older, newer) < 0);
        Assert.True(DebianVersion.Compare(newer, older) > 0);
        Assert.Equal(0, DebianVersion.Compare(older, older));
    }

    [Fact]
    public void Leading_zeros_do_not_count() => Assert.Equal(0, DebianVersion.Compare("7.03-1", "7.3-01"));

    [Theory]
    [InlineData("7.3.4-1~bpo13+1", "7.3.4")]
    [InlineData("1:7.3.4-1", "7.3.4")]
    [InlineData("7.3", "7.3")]
    public void The_kernel_version_is_the_upstream_part(string version, string kernel) =>
        Assert.Equal(kernel, DebianVersion.Upstream(version));
}
