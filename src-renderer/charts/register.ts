import { Chart, LinearScale, LineController, LineElement, PointElement } from 'chart.js'

// Only what is used, so that the rest of chart.js is not bundled.
Chart.register(LinearScale, LineController, LineElement, PointElement)

export { Chart }
