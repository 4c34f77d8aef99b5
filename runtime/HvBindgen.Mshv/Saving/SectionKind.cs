namespace HvBindgen.Mshv.Saving;

/// <summary>What a section of a saved machine holds. The numbers are part of the format.</summary>
internal enum SectionKind
{
    /// <summary>Properties that the other partition has to have as well: code and value each.</summary>
    Properties = 1,

    /// <summary>The reference time.</summary>
    Time = 2,

    /// <summary>Interrupt routes.</summary>
    Routes = 3,

    /// <summary>Events and doorbells that were attached.</summary>
    Connections = 4,

    /// <summary>A processor: index and state.</summary>
    Processor = 5,

    /// <summary>A device: name and state.</summary>
    Device = 6,

    /// <summary>Where memory is.</summary>
    Layout = 7,

    /// <summary>Pages of memory that are not all zeros. These come last, in the order of addresses.</summary>
    Memory = 8,

    /// <summary>The machine is complete.</summary>
    End = 9,
}
