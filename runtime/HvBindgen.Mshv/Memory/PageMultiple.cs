using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Memory;

/// <summary>Addresses and sizes that the driver takes in whole pages.</summary>
internal static class PageMultiple
{
    /// <summary>Passes when a number is a multiple of the driver's page size.</summary>
    /// <param name="value">The number, in bytes.</param>
    /// <param name="name">Name of the caller's parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    internal static void Require(ulong value, string name)
    {
        if (value % Constants.MSHV_HV_PAGE_SIZE != 0)
        {
            throw new ArgumentOutOfRangeException(
                name, $"0x{value:x}", $"It must be a multiple of {Constants.MSHV_HV_PAGE_SIZE}, the size of a page.");
        }
    }
}
