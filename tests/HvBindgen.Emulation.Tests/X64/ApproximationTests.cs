using HvBindgen.Emulation.X64.Numbers;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

public sealed class ApproximationTests
{
    // SDM volume 2, RCPPS and RSQRTPS.
    private const double LargestError = 1.5 / 4096;

    [Fact]
    public void Reciprocals_are_near_enough()
    {
        Random random = new(1);
        NumberEnvironment environment = default;

        for (int round = 0; round < 10_000; round++)
        {
            float number = MathF.ScaleB(1 + random.NextSingle(), random.Next(-120, 120));
            double reciprocal = Single(Approximations.Reciprocal(Bits(number), NumberFormat.Single, ref environment));
            double root = Single(Approximations.ReciprocalRoot(Bits(number), NumberFormat.Single, ref environment));

            Assert.InRange((reciprocal * number) - 1, -LargestError, LargestError);
            Assert.InRange((root * Math.Sqrt(number)) - 1, -LargestError, LargestError);
        }

        Assert.Equal(NumberExceptions.None, environment.Raised);
    }

    [Theory]
    [InlineData(0u, 0x7F80_0000u, 0x7F80_0000u)] // zero
    [InlineData(0x8000_0000u, 0xFF80_0000u, 0xFF80_0000u)] // minus zero
    [InlineData(0x8000_0001u, 0xFF80_0000u, 0xFF80_0000u)] // too small to be normal: zero
    [InlineData(0x7F80_0000u, 0u, 0u)] // infinity
    [InlineData(0x7F00_0001u, 0u, 0x1FB5_04F2u)] // its reciprocal is too small to be normal
    [InlineData(0xBF80_0000u, 0xBF80_0000u, 0xFFC0_0000u)] // minus one
    [InlineData(0x7F80_0001u, 0x7FC0_0001u, 0x7FC0_0001u)] // a NaN that signals
    public void What_has_no_reciprocal_gives_what_the_manual_says(uint number, uint reciprocal, uint root)
    {
        NumberEnvironment environment = default;

        Assert.Equal(reciprocal, (uint)Approximations.Reciprocal(number, NumberFormat.Single, ref environment));
        Assert.Equal(root, (uint)Approximations.ReciprocalRoot(number, NumberFormat.Single, ref environment));
        Assert.Equal(NumberExceptions.None, environment.Raised);
    }

    private static uint Bits(float number) => BitConverter.SingleToUInt32Bits(number);

    private static float Single(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);
}
