// Ready examples for the forward dialog: what people in a city complain and ask about.
export const EXAMPLES = [
  { title: "锦绣花园小区连续三天停水, 没有人出来解释", description: "老人小孩都没水用, 物业和供水公司互相推", url: "https://weibo.com/1234567890/R8vcX9C87" },
  { title: "云溪实验小学门口早高峰堵成停车场", description: "学生只能在车缝里走", url: "https://www.douyin.com/video/7512756548356492588" },
  { title: "幸福里二期交付延期一年, 业主在售楼部等说法", description: "开发商称资金紧张", url: "https://mp.weixin.qq.com/s?__biz=MzA5MTIzNDU2Nw==&mid=2247483750&idx=1&sn=0647879bf688713da2d156cf9773fd25" },
  { title: "云溪河段水面出现大片泡沫", description: "市民担心饮用水安全", url: "https://www.xiaohongshu.com/explore/64a1b2c3000000001203f4e5" },
];

export const TEXTS = [
  "7.43 复制打开抖音,看看【云溪身边事的作品】锦绣花园又停水了没人管 # 停水 https://v.douyin.com/iABc12d/ abc:/ 02/28 M@w.Fh",
  "湖光山色两相宜 http://xhslink.com/o/uMnICz6mL2 \n\n复制后打开【小红书】查看笔记!",
  "帮助",
];
