using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>How a machine packs direction, type, number and size into an ioctl request; machines differ.</summary>
internal sealed class IoctlEncoding(IReadOnlyDictionary<string, uint> macros)
{
    internal static IoctlEncoding? From(IReadOnlyDictionary<string, uint> macros) =>
        MacroProbe.EncodingMacros.All(macros.ContainsKey) ? new IoctlEncoding(macros) : null;

    internal int TypeOf(uint request) => (int)Field(request, "_IOC_TYPESHIFT", "_IOC_TYPEMASK");

    internal int NumberOf(uint request) => (int)Field(request, "_IOC_NRSHIFT", "_IOC_NRMASK");

    internal int SizeOf(uint request) => (int)Field(request, "_IOC_SIZESHIFT", "_IOC_SIZEMASK");

    internal IoctlDirection DirectionOf(uint request)
    {
        uint direction = Field(request, "_IOC_DIRSHIFT", "_IOC_DIRMASK");
        if (direction == macros["_IOC_NONE"])
        {
            return IoctlDirection.None;
        }

        IoctlDirection result = IoctlDirection.None;
        result |= (direction & macros["_IOC_WRITE"]) != 0 ? IoctlDirection.Write : IoctlDirection.None;
        result |= (direction & macros["_IOC_READ"]) != 0 ? IoctlDirection.Read : IoctlDirection.None;
        return result;
    }

    private uint Field(uint request, string shift, string mask) => (request >> (int)macros[shift]) & macros[mask];
}
