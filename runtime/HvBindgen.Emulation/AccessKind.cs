namespace HvBindgen.Emulation;

/// <summary>What an access does.</summary>
public enum AccessKind
{
    /// <summary>Reads data.</summary>
    Read,

    /// <summary>Writes data, or reads and writes it.</summary>
    Write,

    /// <summary>Fetches an instruction.</summary>
    Execute,
}
